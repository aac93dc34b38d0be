import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, parseRawGrammar, Registry } from 'vscode-textmate';

const file = 'media/language/mlproject.tmLanguage.json';

/** The grammar in the engine that VS Code uses. */
async function loadGrammar(): Promise<IGrammar> {
  await loadWASM(fs.readFileSync(createRequire(__filename).resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
  });
  const grammar = await registry.loadGrammar('source.mlproject');
  assert.ok(grammar);
  return grammar;
}

describe('the colours of MLproject files', () => {
  let grammar: IGrammar;
  before(async () => {
    grammar = await loadGrammar();
  });

  /** Each piece of the text with its innermost scope, without the language's name. */
  function tokens(text: string): readonly (readonly [string, string])[] {
    let state: Parameters<IGrammar['tokenizeLine']>[1] = null;
    return text.split('\n').flatMap((line) => {
      const { tokens: found, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return found.map(({ startIndex, endIndex, scopes }) => {
        const scope = scopes.length > 1 ? (scopes.at(-1) ?? '') : '';
        return [line.slice(startIndex, endIndex), scope.replace(/\.(mlproject|shell|shellscript)$/, '')] as const;
      });
    });
  }
  const scopeOf = (text: string, piece: string) => tokens(text).find(([found]) => found.trim() === piece)?.[1];

  const key = 'entity.name.tag';
  const placeholder = 'variable.parameter.placeholder';

  it('mark keys, types, numbers, texts and comments', () => {
    const text =
      'name: my project # why\nentry_points:\n  "two words":\n    parameters:\n      rate: {type: float, default: 1e-3, other: 0.5}\n      on: {default: yes}\n      s: "a\\tb"\n';
    for (const name of ['name', 'entry_points', '"two words"', 'parameters', 'rate', 'type', 'default'])
      assert.equal(scopeOf(text, name), key, name);
    assert.equal(scopeOf(text, 'my project'), 'string.unquoted.plain');
    assert.match(scopeOf(text, 'why') ?? scopeOf(text, '# why') ?? '', /^comment/);
    assert.equal(scopeOf(text, 'float'), 'support.type');
    assert.equal(scopeOf(text, '0.5'), 'constant.numeric');
    assert.equal(scopeOf(text, 'yes'), 'constant.language');
    assert.equal(scopeOf(text, '\\t'), 'constant.character.escape');
  });

  it('mark the placeholders of a command, however it is written', () => {
    const after = '\n    parameters: {a: float}\n  other:\n    command: "y"\n';
    for (const command of [
      'python t.py --lr {a}',
      '"python t.py --lr {a}"',
      "'python t.py --lr {a}'",
      '|\n      python t.py\n\n      x --lr {a}',
      '>-\n      python t.py\n      --lr {a}',
      'python t.py\n      --lr {a}',
    ]) {
      const text = `entry_points:\n  main:\n    command: ${command}${after}`;
      assert.equal(scopeOf(text, 'python'), 'support.function.command', command);
      assert.equal(scopeOf(text, '--lr'), 'constant.other.option', command);
      assert.deepEqual(
        tokens(text).filter(([, scope]) => scope === placeholder),
        [['a', placeholder]],
        command,
      );
      for (const name of ['parameters', 'other', 'entry_points'])
        assert.equal(scopeOf(text, name), key, `${command}: ${name}`);
      assert.equal(scopeOf(text, 'float'), 'support.type', command);
    }
  });

  it('know a placeholder in quotes of the shell, doubled braces, and a brace alone', () => {
    const text = `entry_points: {main: {command: "x '{a}' {{b}} {c!r:>4} }"}}`;
    const found = tokens(text).filter(([, scope]) => /placeholder|brace/.test(scope));
    assert.deepEqual(found, [
      ['a', placeholder],
      ['{{', 'constant.character.escape.brace'],
      ['}}', 'constant.character.escape.brace'],
      ['c', placeholder],
      ['!r:>4', 'constant.other.placeholder'],
      ['}', 'invalid.illegal.brace'],
    ]);
    assert.equal(scopeOf(text, 'main'), key);
  });

  it('end a command where it ends', () => {
    const odd = `entry_points:\n  a:\n    command: "it's {x}"\n  b:\n    command: 'say "hi'\n  c:\n    command: echo it's\n  d:\n    command: |\n      echo 'it\n  e: {command: x}\n`;
    for (const name of ['a', 'b', 'c', 'd', 'e']) assert.equal(scopeOf(odd, name), key, name);
    const example = fs.readFileSync('examples/MLproject', 'utf8');
    for (const name of ['main', 'sweep', 'evaluate', 'online', 'diverge'])
      assert.equal(scopeOf(example, name), key, name);
    const used = [...example.matchAll(/ \{(\w+)\}/g)].length;
    assert.equal(tokens(example).filter(([, scope]) => scope === placeholder).length, used);
  });
});
