import assert from 'node:assert/strict';
import fc from 'fast-check';
import { choiceOf, decodeChoice, noSweep, requestOf } from '../../../src/projects/form/formChoice';
import { parseVaried } from '../../../src/projects/request/parameters';
import { type FormChoice, valueIn } from '../../../src/shared/protocol/launch';
import { range, request } from './launchArbitraries';

describe('the form', () => {
  it('gives the request that it was filled from', () => {
    fc.assert(
      fc.property(request, ({ repository, ...given }) => {
        const names = new Set([...given.parameters.keys(), ...(given.sweep?.values.keys() ?? [])]);
        const parameters = [...names].map((own) => ({ name: own, type: 'string', reachable: true, range }));
        const trimmed = ['backend', 'backendConfig', 'storageDir', 'version'] as const;
        fc.pre(trimmed.every((key) => given[key] === given[key]?.trim()) && given.backend !== 'local');
        fc.pre((given.dockerArguments ?? []).every((line) => line === line.trim() && !line.includes('\n')));
        fc.pre(given.environmentManager !== undefined);
        const sweep = given.sweep && given.sweep.values.size > 0 ? given.sweep : undefined;
        const { sweep: _, ...base } = given;
        const wanted = sweep ? { ...base, sweep } : base;
        const choice = decodeChoice(JSON.parse(JSON.stringify(choiceOf(wanted, { parameters }))));
        const place = { project: given.project, ...(repository === undefined ? {} : { repository }) };
        const back = requestOf(choice, { parameters }, place);
        assert.ok('request' in back, JSON.stringify(back));
        const swept = new Set(sweep?.values.keys() ?? []);
        const fixed = [...names].filter((own) => !swept.has(own));
        assert.deepEqual(
          { ...back.request, repository: undefined },
          {
            ...wanted,
            parameters: new Map(fixed.map((own) => [own, given.parameters.get(own) ?? ''])),
            repository: undefined,
          },
        );
      }),
      { numRuns: 60 },
    );
  });

  it('leaves defaults to the file, and refuses what no page of ours sends', () => {
    const parameters = [
      { name: 'a', type: 'float', default: '1', reachable: true, range },
      { name: 'b', type: 'float', reachable: true, range },
    ];
    const choice = {
      ...choiceOf({ entryPoint: 'main', project: '', parameters: new Map([['b', '2']]) }, { parameters }),
    };
    const made = requestOf(choice, { parameters }, { project: 'x' });
    assert.ok('request' in made);
    assert.deepEqual([...made.request.parameters], [['b', '2']]);
    const varied = { ...choice, sweep: { ...noSweep, varied: ['b', 'gone'], samples: 'many' } };
    assert.deepEqual(requestOf(varied, { parameters }, { project: '' }), { bad: 'sweep' });
    for (const raw of [
      undefined,
      5,
      {},
      { ...choice, values: { a: 5 } },
      { ...choice, sweep: { ...noSweep, method: 'x' } },
    ])
      assert.throws(() => decodeChoice(raw));
  });

  it('tells an empty text from nothing, whatever the parameter is called', () => {
    const parameters = ['a', 'constructor', '__proto__'].map((own) => ({
      name: own,
      type: 'string',
      reachable: true,
      range,
    }));
    const of = (given: readonly (readonly [string, string])[]) =>
      choiceOf({ entryPoint: 'main', project: '', parameters: new Map(given) }, { parameters });
    const again = (choice: FormChoice) => decodeChoice(JSON.parse(JSON.stringify(choice)));
    const given = (choice: FormChoice) => {
      const made = requestOf(again(choice), { parameters }, { project: '' });
      return 'request' in made ? [...made.request.parameters] : made;
    };
    assert.deepEqual(given(of([])), []);
    for (const { name: own } of parameters) {
      assert.equal(valueIn(again(of([])), own), undefined);
      assert.equal(valueIn(again(of([[own, '']])), own), '');
      assert.deepEqual(given(of([[own, '']])), [[own, '']]);
    }
  });

  it('looks at each value of a list and at the ends of a range', () => {
    const parameter = { name: 'a', type: 'float', reachable: true, range };
    const entryPoint = { name: 'main', command: 'python x.py {a}', parameters: [parameter], reachable: true, range };
    assert.equal(parseVaried(entryPoint, parameter, '1, 2'), undefined);
    assert.equal(parseVaried(entryPoint, parameter, '1..2 step 0.5'), undefined);
    assert.deepEqual(parseVaried(entryPoint, parameter, '1, two'), {
      of: 'value',
      problem: { kind: 'notNumber', name: 'a' },
    });
    assert.equal(parseVaried(entryPoint, parameter, '')?.of, 'sweep');
    const whole = { ...parameter, type: 'int' };
    assert.deepEqual(parseVaried({ ...entryPoint, parameters: [whole] }, whole, '1..2 step 0.5'), {
      of: 'sweep',
      problem: { kind: 'wholeRange', name: 'a' },
    });
    const text = { ...parameter, type: 'string' };
    assert.deepEqual(parseVaried({ ...entryPoint, parameters: [text] }, text, 'a,,b'), {
      of: 'value',
      problem: { kind: 'missing', name: 'a' },
    });
  });
});
