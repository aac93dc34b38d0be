import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TracebackReader } from '../../../src/projects/tracebacks/tracebacks';

const broken = [
  '\u001b[31mTraceback (most recent call last):\u001b[0m\r',
  '  File "/p/train.py", line 12, in <module>\r',
  '    main(float("x"))\r',
  '    ~~~~^^^^^^^^^^^^\r',
  '  File "<frozen runpy>", line 88, in _run_code\r',
  '  File \u001b[35m"helpers/data.py"\u001b[0m, line \u001b[35m7\u001b[0m, in load\r',
  '    raise ValueError("too fast")\r',
  '\u001b[1;35mValueError\u001b[0m: too fast\r',
  'after\r',
].join('\n');

describe('tracebacks', () => {
  it('are found in any pieces, with colours, and only with their frames', () => {
    const expected = [
      {
        message: 'ValueError: too fast',
        frames: [
          { file: '/p/train.py', line: 12, name: '<module>' },
          { file: 'helpers/data.py', line: 7, name: 'load' },
        ],
      },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat({ max: broken.length }), { maxLength: 8 }), (cuts) => {
        const reader = new TracebackReader();
        const places = [0, ...cuts.toSorted((a, b) => a - b), broken.length];
        const found = places.slice(1).flatMap((end, at) => reader.read(broken.slice(places[at], end)));
        assert.deepEqual(found, expected);
      }),
    );
    const reader = new TracebackReader();
    assert.deepEqual(reader.read('Traceback (most recent call last):\nValueError: x\nFile "a.py", line 3\n'), []);
    const syntax = reader.read(
      'Traceback (most recent call last):\n  File "a.py", line 3\n    x =\nSyntaxError: bad\n',
    );
    assert.deepEqual(syntax, [{ message: 'SyntaxError: bad', frames: [{ file: 'a.py', line: 3 }] }]);
  });

  const found = (text: string) =>
    new TracebackReader()
      .read(text)
      .map(({ message, frames }) => [message, frames.map(({ file, line }) => `${file}:${line}`)]);

  it('are found where the script itself cannot be parsed, and nothing says that there is one', () => {
    for (const [message, code] of [
      ['SyntaxError: invalid syntax', '    x = = 1\n        ^\n'],
      ['IndentationError: unexpected indent', '    x = 1\n'],
      ['TabError: inconsistent use of tabs and spaces in indentation', ''],
      ["SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9", ''],
    ] as const)
      assert.deepEqual(found(`starts\n  File "/p/train.py", line 3\n${code}${message}\n`), [
        [message, ['/p/train.py:3']],
      ]);
    for (const other of ['done', 'ValueError: x', 'a SyntaxError: no'])
      assert.deepEqual(found(`  File "/p/train.py", line 3\n    x\n${other}\n`), []);
  });

  it('are found with whose process it is before each line, also where the lines of several come mixed', () => {
    const of = (prefix: string, line: number, message: string) => [
      `${prefix}Traceback (most recent call last):`,
      `${prefix}  File "/p/train.py", line ${line}, in <module>`,
      `${prefix}    main()`,
      prefix,
      `${prefix}${message}`,
    ];
    const one = of('[rank0]: ', 3, 'ValueError: x');
    assert.deepEqual(found(`${one.join('\n')}\n`), [['ValueError: x', ['/p/train.py:3']]]);
    assert.deepEqual(found(`${one.join('\n')}\n${one.join('\n')}\n`), [
      ['ValueError: x', ['/p/train.py:3']],
      ['ValueError: x', ['/p/train.py:3']],
    ]);
    const other = of('[default10]:', 4, 'KeyError: 1');
    const plain = of('', 5, 'OSError');
    const mixed = one.flatMap((line, at) => [line, other[at] ?? '', 'epoch 1']);
    const expected = [
      ['ValueError: x', ['/p/train.py:3']],
      ['KeyError: 1', ['/p/train.py:4']],
      ['OSError', ['/p/train.py:5']],
    ];
    assert.deepEqual(found(`${[...mixed, ...plain].join('\n')}\n`), expected);
    // A bar that was being drawn, twice the same.
    const bar = ['5% | Traceback (most recent call last):', ...plain.slice(1)];
    assert.deepEqual(found(`${[...bar, ...bar].join('\n')}\n`), [expected[2], expected[2]]);
    const group = [
      '  + Exception Group Traceback (most recent call last):',
      '  |   File "/p/g.py", line 13',
      '  | Group: m',
    ];
    assert.deepEqual(found(`${group.map((line) => `[rank0]: ${line}`).join('\n')}\n`), [['Group: m', ['/p/g.py:13']]]);
  });

  it('are found in groups, of the group and of each in it', () => {
    // As Python 3.12 prints one.
    const group = `  + Exception Group Traceback (most recent call last):
  |   File "/p/g.py", line 13, in <module>
  |     raise ExceptionGroup("many", errors)
  | ExceptionGroup: many (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/p/g.py", line 3, in one
    |     raise ValueError("first")
    | ValueError: first
    +---------------- 2 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/p/g.py", line 9, in inner
    |     raise ExceptionGroup("inner", [error])
    | ExceptionGroup: inner (1 sub-exception)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/p/g.py", line 6, in two
      |     raise KeyError("second")
      | KeyError: 'second'
      +------------------------------------
Traceback (most recent call last):
  File "/p/a.py", line 1, in <module>
    | x
OSError: after
`;
    assert.deepEqual(found(group), [
      ['ExceptionGroup: many (2 sub-exceptions)', ['/p/g.py:13']],
      ['ValueError: first', ['/p/g.py:3']],
      ['ExceptionGroup: inner (1 sub-exception)', ['/p/g.py:9']],
      ["KeyError: 'second'", ['/p/g.py:6']],
      ['OSError: after', ['/p/a.py:1']],
    ]);
  });

  it('are found behind a bar that was being drawn', () => {
    const text =
      '\r 10%|#   | 1/10\r 20%|##  | 2/10Traceback (most recent call last):\r\n  File "a.py", line 3, in f\r\nOSError: x\r\n';
    assert.deepEqual(found(text), [['OSError: x', ['a.py:3']]]);
  });
});
