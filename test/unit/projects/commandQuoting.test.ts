import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { exposedPlaceholders, isReadByShell } from '../../../src/projects/command/commandQuoting';
import { fillFormat, parseFormat } from '../../../src/projects/command/pythonFormat';
import { isPlainWord, shellQuote, shellUnquoted } from '../../../src/projects/command/shellQuote';
import type { EntryPoint } from '../../../src/projects/mlproject/mlproject';
import { planParameters } from '../../../src/projects/request/parameters';

const range = { line: 0, column: 0, endLine: 0, endColumn: 0 };
const point = (command: string, defaults: Readonly<Record<string, string>> = {}): EntryPoint => ({
  name: 'main',
  command,
  parameters: ['a', 'b'].map((name) => ({
    name,
    type: 'string',
    reachable: true,
    range,
    ...(defaults[name] === undefined ? {} : { default: defaults[name] }),
  })),
  reachable: true,
  range,
});
/** What reaches the program as it is, whatever it is. */
const free = (command: string) =>
  ['a', 'b'].filter((name) => command.includes(`{${name}`) && !isReadByShell(command, name, "it's $(x) \n"));

describe('the words of a command', () => {
  it('are free for any value where they stand by themselves', () => {
    for (const command of [
      'python x.py {a} --b={b}',
      "# don't\npython x.py {a} {b}",
      "echo it\\'s; python x.py {a} # {{}} \n python {b}",
      `python 'x y' "x" $'it\\'s' $"x" {a}{b}`,
      'X={a} python x.py {b}',
      'export X={a} && python x.py {b} 2>&1 | tee {a}',
      `python x.py $(date +%s) "$(echo "it's")" \${{HOME}} \`date\` {a} <(cat f) $((1 + (2))) {b}`,
      "cat <<EOF >f\nit's $(x)\nEOF\npython x.py {a} {b}",
      "cat <<-'E F'\n\tit's \"\n\tE F\npython x.py {a} {b}",
      'if [ {a} = yes ]; then python x.py {b}; fi',
      'for x in {a}; do python x.py "$x" {b}; done',
      'case {a} in x|y) python x.py {b};; esac',
      '(cd {a} && python x.py {b})',
      'run() {{ python "$@"; }}; run {a} {b}',
      'python x.py <<< {a} > {b}',
      "python eval.py eval {a} --test '[[' {b}",
      'python x.py \\\n  {a} \\\n  {b}',
      `X={a} Y={b}; export X; python x.py --x "$X" --y="\${{Y}}"`,
      `A=(--a {a} {b}); python x.py "\${{A[@]}}"`,
      'SEED={a} bash run.sh {b}',
      '$SHELL run.sh {a} && bash -e run.sh {b}',
      `bash -c 'python x.py "$1"' x {a} | tee {b}`,
      'source env.sh && python --version && python -u x.py -c {a} lr={b}',
      'printf "%s" {a} | python x.py {b!s}',
      'cat <<A; cat <<B\n(\nA\n`\nB\npython {a} {b}',
    ])
      assert.deepEqual(free(command), command.includes('{b') ? ['a', 'b'] : ['a'], command);
  });

  it('are known for what the editor can repair, and what it can only tell of', () => {
    const told = (command: string) =>
      exposedPlaceholders(command).map(({ start, inQuotes }) => `${command.slice(start, start + 3)} ${inQuotes}`);
    assert.deepEqual(told(`python a.py {a} "{b}" '{c}' "x'{d}'" 'y"{e}"' \\"{f}\\" "\\"{g}" {{h}} "{{i}}"`), [
      '{b} true',
      '{c} true',
      '{d} true',
      '{e} true',
      '{g} true',
    ]);
    assert.deepEqual(told('python {a} # {b}\n$(x {c}) {d!r} {e}'), [
      '{b} false',
      '{c} false',
      '{d! false',
      '{e} false',
    ]);
  });
});

/** Commands in which a value is code, each with one that shows it: it leaves `C` behind. */
const readByBash: readonly (readonly [command: string, value: string])[] = [
  ['args "{a}"', '$(touch C)'],
  ['args "{a}"', '`touch C`'],
  ["args '{a}'", '; touch C;'],
  ["# it's\nargs '{a}'", '; touch C;'],
  ['args # {a}', 'x\ntouch C #'],
  ['# {a}', 'x\ntouch C #'],
  ['cat <<EOF\n{a}\nEOF', '$(touch C)'],
  ["cat <<'EOF'\n{a}\nEOF", 'x\nEOF\ntouch C #'],
  ['cat <<-EOF\n\t{a}\n\tEOF\n', '`touch C`'],
  ['cat <<EOF\nx\\\nEOF\n{a}\nEOF\n', '$(touch C)'],
  ['cat <<EOF "x\n"\n{a}\nEOF\n', '$(touch C)'],
  ['args {a!r}', '$(touch C)'],
  ['args {a!a}', '`touch C`'],
  ['args {a:.2}{b}', '; touch C #'],
  ['args {a[0]}{b}', '; touch C #'],
  ["args $'\\'{a}'", '; touch C; #'],
  [`args \${a}`, `\\'"; touch C #`],
  ['args $"{a}"', '$(touch C)'],
  ['args `args {a}`', '`; touch C #'],
  ['args "`args {a}`"', '`"; touch C #'],
  ['args \\{a}', '; touch C #'],
  [`args "\${{X:-{a}}}"`, '$(touch C)'],
  [`args \${{X:-"{a}"}}`, '$(touch C)'],
  ['args "$(args "{a}")"', '$(touch C)'],
  ['args "$(case x in x) args "{a}";; esac)"', '$(touch C)'],
  ['(( {a} ))', 'x[$(touch C)]'],
  ['args $(( {a} ))', 'x[$(touch C)]'],
  ['args $[ {a} ]', 'x[$(touch C)]'],
  ['for (( i = {a}; i < 0; )); do :; done', 'x[$(touch C)]'],
  ['[[ {a} -eq 1 ]]', 'x[$(touch C)]'],
  ['[[ x = y || {a} -eq 1 ]]', 'x[$(touch C)]'],
  ['if true && [[ -v {a} ]]; then :; fi', 'x[$(touch C)]'],
  ['[ -v {a} ]', 'x[$(touch C)]'],
  ['printf -v {a} x', 'x[$(touch C)]'],
  ['eval args {a}', '; touch C'],
  ['X=1 command -p eval args {a}', '; touch C'],
  ['2>f eval args {a}', '; touch C'],
  ['eval 2>&1 args {a}', '; touch C'],
  ['"ev"\\al args {a}', '; touch C'],
  ['f() {{ eval {a}; }}; f', 'touch C'],
  ['function f {{ eval {a}; }}; f', 'touch C'],
  ['case x in x) eval {a};; esac', 'touch C'],
  ['trap {a} EXIT', 'touch C'],
  ['let {a}', 'x[$(touch C)]'],
  ['declare {a}', 'x[$(touch C)]=1'],
  ['declare -i x={a}', 'y[$(touch C)]'],
  ['declare -i x; x={a}', 'y[$(touch C)]'],
  ['x=(1); unset {a}', 'x[$(touch C)]'],
  ['read {a} <<< x', 'x[$(touch C)]'],
  ['x[{a}]=1', 'y[$(touch C)]'],
  ['x=([{a}]=1)', 'y[$(touch C)]'],
  ...['RANDOM', 'SRANDOM', 'OPTIND', 'HISTCMD'].flatMap((name) =>
    [
      `${name}={a}\nargs x`,
      `${name}+={a}`,
      `export ${name}={a}`,
      `for ${name} in {a}; do :; done`,
      `for ${name}\nin x {a}; do :; done`,
      `${name}=(x {a})`,
      `read ${name} <<< {a}`,
      `printf -v ${name} %s {a}`,
    ].map((command): [string, string] => [command, 'x[$(touch C)]']),
  ),
  ['select RANDOM in {a}; do break; done <<< 1', 'x[$(touch C)]'],
  ['typeset -i x; for x in {a}; do :; done', 'y[$(touch C)]'],
  ['f() {{ local -i x={a}; }}; f', 'y[$(touch C)]'],
  ['declare -ia x; x+=({a})', 'y[$(touch C)]'],
  ['o=-i; declare $o x; x={a}', 'y[$(touch C)]'],
  ['x[b c]=1 eval {a}', 'touch C'],
  [`x=(1); args \${{x[{a}]}}`, 'y[$(touch C)]'],
  ['exec {{x[{a}]}}>f', 'y[$(touch C)]'],
  ['o=-v; test $o {a}', 'y[$(touch C)]'],
  ['o=-v; test "$o" {a}', 'y[$(touch C)]'],
  ['source /dev/stdin <<< {a}', 'touch C'],
  ['. /dev/stdin <<< {a}', 'touch C'],
  ['bash <<< {a}', 'touch C'],
  ['sh -s <<< {a}', 'touch C'],
  ['<<< {a} bash', 'touch C'],
  ['{{ bash; }} <<< {a}', 'touch C'],
  ['while read x; do eval $x; done <<< {a}', 'touch C'],
  ['args x | cat <<< {a} | bash', 'touch C'],
  ['echo {a} | bash', 'touch C'],
  ['echo {a} | bash -s x', 'touch C'],
  ['echo {a} |& {{ sh; }}', 'touch C'],
  ['f() {{ bash; }}; echo {a} | f', 'touch C'],
  ['echo {a} | while read x; do eval "$x"; done', 'touch C'],
  ['bash -c {a}', 'touch C'],
  ['env bash -o errexit -ec {a}', 'touch C'],
  ['PS4={a}; set -x; :', '$(touch C)'],
  ['BASH_ENV={a} bash -c :', '$(touch C)'],
  ['export BASH_ENV={a}; bash -c :', '$(touch C)'],
  ['env BASH_ENV={a} bash -c :', '$(touch C)'],
  ['X={a}; $X', 'touch C'],
  ['X={a}; eval "$X"', 'touch C'],
  ['X={a}; args $((X))', 'y[$(touch C)]'],
  ['X={a} && (( X > 1 ))', 'y[$(touch C)]'],
  ['X={a}; [[ $X -eq 1 ]]', 'y[$(touch C)]'],
  [`X={a}; y=abc; args \${{y:X}}`, 'y[$(touch C)]'],
  ['X={a}; bash -c "$X"', 'touch C'],
  ['X={a}; PS4="$X"; set -x; :', '$(touch C)'],
  ['for x in {a}; do $x; done', 'touch C'],
  [`X=({a}); eval "\${{X[0]}}"`, 'touch C'],
  ['set -- {a}; eval "$1"', 'touch C'],
];

// MLflow gives commands to bash everywhere but on Windows, where there is none to ask.
const onPosix = process.platform === 'win32' ? () => undefined : describe;
onPosix('values in a command, for a real bash', function () {
  this.timeout(120_000);
  let folder = '';
  let canary = '';
  let said = '';

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-quoting-'));
    [canary, said] = ['canary', 'said'].map((name) => path.join(folder, name)) as [string, string];
    // What it is given, each behind a NUL.
    fs.writeFileSync(path.join(folder, 'args'), `#!/bin/sh\nprintf '\\0%s' "$@" >> '${said}'\n`, { mode: 0o755 });
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** As MLflow makes it; `undefined` where it makes none. */
  const lineOf = (command: string, values: Readonly<Record<string, string>>) => {
    const { a = '', b = '', ...options } = values;
    const quoted = new Map(Object.entries({ a, b }).map(([name, value]) => [name, shellQuote(value)]));
    const filled = fillFormat(parseFormat(command), quoted);
    return [filled, ...Object.entries(options).map(([name, value]) => `--${name} ${shellQuote(value)}`)].join(' ');
  };
  /** True when it executed what a value holds. */
  const executes = (line: string) => {
    const env = { PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}`, HOME: folder };
    const cwd = fs.mkdtempSync(path.join(folder, 'work-'));
    const { error } = spawnSync('bash', ['-c', line], { cwd, env, stdio: 'ignore', timeout: 10_000 });
    if (error) throw error;
    const isThere = fs.existsSync(canary);
    fs.rmSync(canary, { force: true });
    fs.rmSync(cwd, { recursive: true, force: true });
    return isThere;
  };
  const withCanary = (text: string) => text.replaceAll('C', canary);
  const isLetThrough = (command: string, values: Readonly<Record<string, string>>, defaults = {}) =>
    'plan' in planParameters(point(command, defaults), new Map(Object.entries({ a: 'x', b: 'x', ...values })));

  it('are code in some places, and those are known', () => {
    for (const [command, value] of readByBash) {
      const a = withCanary(value);
      assert.ok(executes(lineOf(command, { a, b: a })), `bash does not execute ${command}`);
      assert.ok(!isLetThrough(command, { a }), command);
      assert.ok(isLetThrough(command, { a: 'plain-1.5' }), command);
    }
    // What ends a here document, or is a builtin, is plain and no text all the same.
    assert.ok(!isLetThrough('cat <<EOF\n{a}\n{b}\nEOF\n', { a: 'EOF' }));
    assert.ok(!isLetThrough('cat <<EOF\n{a}{b}\nEOF\n', { a: 'EO', b: 'F' }));
    assert.ok(!isLetThrough('{a} {b}', { a: 'eval', b: 'x y' }));
    assert.ok(!isLetThrough('{a} eval {b}', { a: 'X=1', b: 'x y' }));
    assert.ok(isLetThrough('{a} x.py {b}', { a: 'python3', b: 'x y' }));
  });

  it('are code where the text of a default moves the quotes around them, and behind a command that is open', () => {
    const b = withCanary('; touch C #');
    const defaults = { a: '6" pipe' };
    assert.ok(executes(lineOf('args "{a}" {b}', { ...defaults, b })));
    assert.ok(!isLetThrough('args "{a}" {b}', { ...defaults, b }, defaults));
    assert.ok(isLetThrough('args "{a}" {b}', { a: 'six inch', b }, { a: 'six inch' }));
    for (const [command, value] of [
      ['args # x', 'x\ntouch C #'],
      ['eval args', '; touch C'],
      ['args "x" "', '"; touch C #'],
      ['cat <<EOF\n', '$(touch C)\nEOF'],
    ] as const) {
      const extra = withCanary(value);
      assert.ok(executes(lineOf(command, { extra })), command);
      assert.ok(!isLetThrough(command, { extra }), command);
      assert.ok(isLetThrough(`${command.trim().startsWith('args') ? 'args' : 'args;args'} x`, { extra }), command);
    }
  });

  it('arrive as they are where they stand by themselves', () => {
    const commands = [
      "# don't\nargs {a} {b}",
      'args {a} # x\nargs {b}',
      'cat <<EOF\n"\nEOF\nargs {a}; X="$(echo "it\'s")" args {b}',
      'if [ {a} = {a} ]; then args {a}; fi; case x in (x) args {b};; esac',
      `args \${{X:-}} $((1 + 1 > 3)) $(true) {a} \`true\` {b}`,
    ];
    const value = fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary', maxLength: 8 }));
    fc.assert(
      fc.property(fc.constantFrom(...commands), value, value, (command, one, other) => {
        const [a, b] = [withCanary(one), withCanary(other)];
        fc.pre(!`${a}${b}`.match(/[\0\ud800-\udfff]/));
        fs.rmSync(said, { force: true });
        if (!isLetThrough(command, { a, b })) return assert.fail(`${command} does not take ${a} and ${b}`);
        assert.equal(executes(lineOf(command, { a, b })), false);
        assert.ok(fs.readFileSync(said, 'utf8').endsWith(`\0${b}`));
        assert.ok(fs.readFileSync(said, 'utf8').includes(`\0${a}\0`));
      }),
      { numRuns: 60 },
    );
  });

  it('execute nothing, whatever the command is made of', () => {
    const command = fc
      .array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 14 })
      .map((parts) => parts.join(''));
    const value = fc.oneof(fc.constantFrom(...values), fc.constantFrom('EOF', 'E', '-v', 'eval', 'x=1', 'x', 'a b'));
    let passed = 0;
    let hostile = 0;
    fc.assert(
      fc.property(command, value, value, value, (text, a, b, extra) => {
        fc.pre(parseFormat(text).problem === undefined);
        const given = Object.fromEntries(Object.entries({ a, b, extra }).map(([name, one]) => [name, withCanary(one)]));
        if (!isLetThrough(text, given)) return;
        passed++;
        if (Object.entries(given).some(([name, one]) => text.includes(`{${name}`) && !isPlainWord(one))) hostile++;
        assert.equal(executes(lineOf(text, given)), false, lineOf(text, given));
      }),
      { numRuns: Number(process.env.FLOWDECK_QUOTING_RUNS ?? 500) },
    );
    // It is not by refusing all of them.
    assert.ok(passed > 50 && hostile > 10, `${passed} passed, ${hostile} with hostile values`);
  });
});

const values = [
  '$(touch C)',
  '`touch C`',
  '"; touch C #',
  "'; touch C #",
  "x'$(touch C)'",
  "it's $(touch C)",
  '\\"; touch C #',
  "\\'; touch C #",
  '; touch C',
  '; touch C;',
  '&& touch C',
  '| touch C #',
  '> C',
  'x\ntouch C #',
  'x\nEOF\ntouch C #',
  '}; touch C #',
  ')); touch C #',
  ') && touch C #',
  'x[$(touch C)]',
  'x[$(touch C)]=1',
  '',
  '~ * !x',
  '#',
];

const fragments = [
  ...['{a}', '{b}', '{a}', '{b}', '{a!r}', '{b:>9}', 'x', ' ', ' ', '\n', '\n', ';', '&&', '|', '&', '# ', '#'],
  ...["'", "'", '"', '"', '`', '\\', '$', '$(', ')', '(', '${{X:-', '}}', '{{ ', ' }}', '$((', '))', '((', "$'", '$"'],
  ...['<<EOF\n', '<<-EOF ', "<<'EOF'\n", '\nEOF\n', '<<E', '<<<', '<(', '>f ', '2>&1 ', '&>f ', '>(', '$[', ']', '['],
  ...['args ', 'args ', 'eval ', '[[ ', ' ]]', ' -eq ', '[ ', ' ]', '-v ', 'printf ', 'test ', 'export ', 'declare '],
  ...[
    'if true; then ',
    '; fi',
    'case x in ',
    'x) ',
    ' ;; esac',
    'X=',
    'x[',
    '=',
    'command ',
    '! ',
    'f() ',
    '{{ ',
    'in ',
  ],
  ...[
    'RANDOM=',
    'OPTIND+=',
    'PS4=',
    'set -x\n',
    'for ',
    'RANDOM ',
    'do ',
    '; done',
    'x=(',
    'X=',
    '"$X"',
    '$X',
    'A[',
    ']=',
  ],
  ...['<<< ', '<<<{a}', 'bash ', 'sh -s ', 'source /dev/stdin ', '. /dev/stdin ', '-c ', '-i ', '-s ', 'read ', 'env '],
];

describe('quotes for a shell', () => {
  it('are taken away where they are MLflow’s, and nowhere else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...values)), (text) => {
        assert.equal(shellUnquoted(shellQuote(text)), text);
      }),
    );
    for (const text of ["'", "it's", "'a'", "'a b", "'a' 'b c'", `'"'"'`, "'a b' ", '"a b"', 'a'])
      assert.equal(shellUnquoted(text), text);
    assert.deepEqual(["''", "'a b'", `'it'"'"'s'`].map(shellUnquoted), ['', 'a b', "it's"]);
  });
});
