import assert from 'node:assert/strict';
import fc from 'fast-check';
import { moveOf, readLine } from '../../../src/source/commandLine';

const here = ['/work/a'];
const read = (line: string) =>
  readLine(line, here, '/')?.map(({ words, folders, background }) =>
    [words.join(' '), folders.join(','), background ? '&' : ''].filter(Boolean).join(' @ '),
  );

describe('what a line of a shell starts', () => {
  it('is each program with its folder', () => {
    assert.deepEqual(read('python train.py --lr 0.1'), ['python train.py --lr 0.1 @ /work/a']);
    assert.deepEqual(read('git checkout x && python train.py'), [
      'git checkout x @ /work/a',
      'python train.py @ /work/a',
    ]);
    assert.deepEqual(read('cd ../b; python train.py'), ['cd ../b @ /work/a', 'python train.py @ /work/b']);
    assert.deepEqual(read('cd "my code" && A=1 B="x y" python \'train it.py\' > log.txt 2>&1'), [
      'cd my code @ /work/a',
      'python train it.py @ /work/a/my code',
    ]);
    assert.deepEqual(read('cd /other\ncd deep\n./run'), [
      'cd /other @ /work/a',
      'cd deep @ /other',
      './run @ /other/deep',
    ]);
    assert.deepEqual(read('python a\\ b.py &>out'), ['python a b.py @ /work/a']);
  });

  it('knows what the shell does not wait for', () => {
    assert.deepEqual(read('python one.py & python two.py'), ['python one.py @ /work/a @ &', 'python two.py @ /work/a']);
    // A `cd` there, and in a pipe, leads nobody else elsewhere.
    assert.deepEqual(read('cd b & python train.py')?.at(-1), 'python train.py @ /work/a');
    assert.deepEqual(read('ls | cd b; python train.py')?.at(-1), 'python train.py @ /work/a');
  });

  it('says nothing of a folder that only the shell knows', () => {
    for (const line of ['cd', 'cd -', 'cd ~/b', 'cd $B', 'cd "$B"', 'cd b*', 'cd a || cd b', 'popd', 'cd a b'])
      assert.equal(read(`${line}; python train.py`)?.at(-1), 'python train.py', line);
    assert.equal(read('cd $B; cd /known; python train.py')?.at(-1), 'python train.py @ /known');
  });

  it('leaves alone what is no plain sequence', () => {
    for (const line of [
      '(cd b; python t.py)',
      'echo $(git checkout x)',
      'a `b`',
      'for i in 1 2; do x; done',
      'cat <<E',
      'a "b',
      "a 'b",
    ])
      assert.equal(read(line), undefined, line);
    assert.deepEqual(read("echo '$(x) `y`'"), ['echo $(x) `y` @ /work/a']);
  });

  it('takes the backslash of Windows for what it is there', () => {
    assert.deepEqual(readLine('python src\\train.py; git checkout x', [], '\\')?.[0]?.words, [
      'python',
      'src\\train.py',
    ]);
  });

  it('gives back words that were quoted, whatever they hold', () => {
    const quoted = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (words) => {
        const steps = readLine(['run', ...words.map(quoted)].join(' '), here, '/');
        assert.deepEqual(
          steps?.map((step) => step.words),
          [['run', ...words]],
        );
      }),
    );
  });

  it('may move the head', () => {
    const moves = (line: string) => readLine(line, here, '/')?.map(moveOf);
    assert.deepEqual(moves('git switch x && git commit -am "a; b" && git status'), ['checkout', 'commit', undefined]);
    assert.deepEqual(moves('git -C ../b checkout x; gitk; GIT_DIR=x git pull'), [undefined, undefined, 'pull']);
  });
});
