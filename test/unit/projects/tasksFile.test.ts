import assert from 'node:assert/strict';
import fc from 'fast-check';
import { taskPlaceAt } from '../../../src/projects/language/tasksFile';

/** `|` is where the cursor stands. */
const at = (text: string) => {
  const offset = text.indexOf('|');
  const place = taskPlaceAt(text.replace('|', ''), offset);
  if (!place) return undefined;
  const { start, end, ...rest } = place;
  return { ...rest, text: text.replace('|', '').slice(start, end) };
};
const task = (inside: string, type = 'flowdeck') => `{
  // Comments are allowed here.
  "version": "2.0.0",
  "tasks": [
    { "type": "shell", "command": "x" },
    { "type": "${type}", ${inside} },
  ]
}`;

describe('a place of a tasks.json', () => {
  it('asks for the entry points of the task’s own project', () => {
    const quoted = { kind: 'entryPoint', project: 'sub', entryPoint: 'ma', taken: ['type', 'project'], text: '"ma"' };
    assert.deepEqual(at(task('"project": "sub", "entryPoint": "ma|"')), quoted);
    assert.equal(at(task('"entryPoint": |'))?.kind, 'entryPoint');
    assert.deepEqual(at(task('"entryPoint": ma|'))?.text, 'ma');
    assert.equal(at(task('"project": "|"'))?.kind, 'project');
    assert.equal(at(task('"experiment": "|"'))?.kind, 'experiment');
  });

  it('asks for the parameters that are not given yet, in a sweep too', () => {
    const found = at(task('"entryPoint": "main", "parameters": { "rate": 1, "|" }'));
    assert.deepEqual([found?.kind, found?.entryPoint, found?.taken], ['parameterName', 'main', ['rate']]);
    const swept = at(task('"entryPoint": "main", "sweep": { "values": { "ra|" } }'));
    assert.deepEqual([swept?.kind, swept?.text], ['parameterName', '"ra"']);
    const value = at(task('"entryPoint": "main", "parameters": { "rate": "|" }'));
    assert.deepEqual([value?.kind, value?.parameter], ['parameterValue', 'rate']);
  });

  it('is the same in the file of a workspace, where a task may name its folder', () => {
    const inWorkspace = (inside: string) => `{ "folders": [{ "path": "a" }], "tasks": ${task(inside)} }`;
    const quoted = { kind: 'entryPoint', folder: 'a', entryPoint: 'ma', taken: ['type', 'folder'], text: '"ma"' };
    assert.deepEqual(at(inWorkspace('"folder": "a", "entryPoint": "ma|"')), quoted);
    assert.equal(at(inWorkspace('"folder": "|"'))?.kind, 'folder');
    assert.equal(at('{ "folders": [{ "type": "flowdeck", "entryPoint": "|" }] }'), undefined);
  });

  it('is left to others elsewhere', () => {
    for (const text of [
      task('"entryPoint": "|"', 'shell'),
      task('"ent|": ""'),
      task('"sweep": { "va|": {} }'),
      task('"sweep": { "values": { "rate": "|" } }'),
      task('"parameters": { "rate": { "x": "|" } }'),
      task('"runName": "|"'),
      '{ "inputs": [{ "type": "flowdeck", "entryPoint": "|" }] }',
      '|',
      '[|]',
    ])
      assert.equal(at(text), undefined, text);
  });

  it('takes only what is typed of a text that does not end', () => {
    const place = at(`{ "tasks": [ { "type": "flowdeck", "entryPoint": "ma|\n, "project": "sub" } ] }`);
    assert.equal(place?.text, '"ma');
  });

  it('is found, or not, in any text', () => {
    const bits = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '//', '\n', 'tasks', 'type', 'flowdeck', 'x', '\\');
    fc.assert(
      fc.property(fc.array(bits), fc.nat(), (parts, where) => {
        const text = parts.join('');
        const offset = where % (text.length + 1);
        const place = taskPlaceAt(text, offset);
        if (place) assert.ok(place.start <= offset && place.end <= text.length && place.start <= place.end);
      }),
    );
  });
});
