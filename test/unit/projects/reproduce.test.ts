import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Bisection, isGood, nextStep, triedOf, withResult, withTried } from '../../../src/projects/bisect/bisect';
import { OpenBisections } from '../../../src/projects/bisect/openBisections';
import {
  compareRuns,
  countVerdicts,
  isClose,
  toleranceIn,
  verdictMarkdown,
  verdictText,
} from '../../../src/projects/reports/verdict';
import {
  callOf,
  declaredParams,
  differingParams,
  hasOtherArguments,
  splitParams,
  tagOfCall,
  tagOfOptions,
} from '../../../src/projects/request/givenParams';
import type { Run } from '../../../src/shared/domain';
import { memento } from '../../support/memento';

const run = (params: Record<string, string>, metrics: Record<string, number>, change: Partial<Run> = {}) => ({
  status: 'FINISHED' as const,
  params,
  tags: {},
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => [key, { key, value, timestamp: 0, step: 0 }]),
  ),
  datasets: [],
  ...change,
});
const dataset = (name: string, digest: string) => ({ name, digest, sourceType: 'local', source: '/x' });

describe('the verdict of a reproduced run', () => {
  it('is same, differs or unknown, for each param, metric and dataset', () => {
    const before = run(
      { a: '1', b: '2', c: '3' },
      { loss: 1, auc: 0.5, old: 1, 'system/cpu': 5 },
      { datasets: [dataset('d', 'x'), dataset('e', 'y')] },
    );
    const after = run(
      { a: '1', b: '3', n: '4' },
      { loss: 1.0000001, auc: 0.6, 'system/cpu': 9 },
      { datasets: [dataset('d', 'x')] },
    );
    const verdicts = (rows: ReturnType<typeof compareRuns>) =>
      Object.fromEntries(rows.map(({ kind, key, verdict }) => [`${kind} ${key}`, verdict]));
    assert.deepEqual(verdicts(compareRuns(before, after, 1e-6)), {
      'param a': 'same',
      'param b': 'differs',
      'param c': 'differs',
      'param n': 'unknown',
      'metric auc': 'differs',
      'metric loss': 'same',
      'metric old': 'differs',
      'dataset d': 'same',
      'dataset e': 'differs',
    });
    const failed = compareRuns(before, { ...after, status: 'FAILED' }, 1e-6);
    assert.equal(verdicts(failed)['metric old'], 'unknown');
    assert.deepEqual(countVerdicts(failed), { same: 3, differs: 2, unknown: 4 });
  });

  it('takes the tolerance as a share of the larger value, and NaN and infinity as themselves', () => {
    assert.ok(isClose(Number.NaN, Number.NaN, 0) && isClose(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0));
    assert.ok(!isClose(Number.NaN, 1, 1) && !isClose(Number.POSITIVE_INFINITY, 1, 1));
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (value, tolerance) => {
          assert.ok(isClose(value, value, 0));
          assert.equal(isClose(value, value * (1 - tolerance), tolerance * 1.000001 + 1e-15), true);
          assert.equal(
            isClose(value, value * (1 + tolerance), tolerance),
            isClose(value * (1 + tolerance), value, tolerance),
          );
        },
      ),
    );
  });

  const texts = {
    title: '<script>',
    intro: ['one'],
    columns: ['a', 'b', 'c', 'd'],
    kinds: { param: 'P', metric: 'M', dataset: 'D' },
    verdicts: { same: 's', differs: 'd', unknown: 'u' },
    none: 'none',
  } as const;

  it('is a text in which what differs comes first, column under column, a line for each value', () => {
    const rows = compareRuns(
      run({ rate: '1', note: 'a\nb\u202e' }, { loss: 1 }),
      run({ rate: '1', note: 'x' }, { loss: 2 }),
      0,
    );
    assert.deepEqual(verdictText(rows, texts).split('\n'), [
      '<script>',
      '',
      'one',
      '',
      'M',
      '        a     b    c',
      '  ≠  d  loss  1    2',
      '',
      'P',
      '        a     b    c',
      '  ≠  d  note  a b  x',
      '  =  s  rate  1    1',
      '',
      'D',
      '  none',
      '',
    ]);
  });

  it('is made with a tolerance that is a share, or a percentage', () => {
    assert.deepEqual(['0.01', ' 1e-6 ', '1 %', '.5', '0', '100%'].map(toleranceIn), [0.01, 1e-6, 0.01, 0.5, 0, 1]);
    assert.deepEqual(
      ['', 'x', '-1', '1.1', '101%', '1,5', 'Infinity', '0x1'].map(toleranceIn),
      Array(8).fill(undefined),
    );
  });

  it('is a document in which no name of a server is Markdown', () => {
    const rows = compareRuns(run({ '[x](command:y)|<img>': '`a`\n| b |' }, {}), run({}, {}), 0);
    const text = verdictMarkdown(rows, texts);
    assert.ok(text.startsWith('# \\<script\\>'));
    assert.ok(text.includes('| \\[x\\](command:y)\\|\\<img\\> | \\`a\\` \\| b \\| | – | **d** |'), text);
  });
});

describe('what a run was given', () => {
  const parameter = (name: string) => ({
    name,
    type: 'string',
    reachable: true,
    range: { line: 0, column: 0, endLine: 0, endColumn: 0 },
  });
  const parameters = [parameter('text')];
  const texts = { '"a b"': '"a b"', "it's": `'it'"'"'s'`, plain: 'plain', '': "''", '$(id)': "'$(id)'" };
  /** As `mlflow run` and backends leave it. */
  const byMlflow = (text: string, more: Record<string, string> = {}, tags: Record<string, string> = {}) => ({
    params: { text, ...more },
    tags: { 'mlflow.source.type': 'PROJECT', ...tags },
  });

  it('is without the quotes of MLflow, where MLflow made the run', () => {
    for (const [given, text] of Object.entries({ ...texts, '"a b"': `'"a b"'` })) {
      assert.deepEqual(declaredParams(byMlflow(text), { parameters }), { text: given });
      const onBackend = byMlflow(text, {}, { 'flowdeck.options': '[]', 'mlflow.project.backend': 'kubernetes' });
      assert.deepEqual(declaredParams(onBackend, { parameters }), { text: given });
      const own = byMlflow(text, {}, { 'flowdeck.options': '[]', 'mlflow.project.backend': 'local' });
      assert.deepEqual(declaredParams(own, { parameters }), { text });
      const script = { params: { text }, tags: { 'mlflow.source.type': 'LOCAL' } };
      assert.deepEqual(declaredParams(script, { parameters }), { text });
    }
    // Neither has its program got another value, nor is it another param.
    const own = { params: { text: 'a b' }, tags: { 'flowdeck.options': '[]' } };
    assert.deepEqual(differingParams(byMlflow("'a b'"), own, parameters), []);
    const rows = compareRuns({ ...run({}, {}), ...byMlflow("'a b'") }, { ...run({}, {}), ...own }, 0);
    assert.deepEqual(rows, [{ kind: 'param', key: 'text', before: 'a b', after: 'a b', verdict: 'same' }]);
  });

  it('is passed on, options too, and what the program logged is not; what nobody recorded is said', () => {
    const split = (of: Parameters<typeof splitParams>[0]) => {
      const { parameters: passed, ...others } = splitParams(of, { parameters });
      return { passed: Object.fromEntries(passed), ...others };
    };
    const given = new Map([
      ['text', 'x'],
      ['lr', '0.1'],
    ]);
    const tags: Record<string, string> = { 'mlflow.source.type': 'PROJECT', ...tagOfOptions({ parameters }, given) };
    assert.equal(tags['flowdeck.options'], '["lr"]');
    assert.deepEqual(split({ params: { text: 'x', lr: '0.1', own: '1' }, tags }), {
      passed: { text: 'x', lr: '0.1' },
      loggedByProgram: ['own'],
      ofUnknownOrigin: [],
    });
    assert.deepEqual(split(byMlflow("'x y'", { lr: '0.1', own: '1' })), {
      passed: { text: 'x y' },
      loggedByProgram: [],
      ofUnknownOrigin: ['lr', 'own'],
    });
    // Nobody recorded the command line of a script that was started by hand.
    assert.deepEqual(split({ params: { own: '1' }, tags: { 'mlflow.source.type': 'LOCAL' } }).ofUnknownOrigin, ['own']);
    for (const bad of ['', '{', '5', '[1]', 'null'])
      assert.deepEqual(split(byMlflow('x', { own: '1' }, { 'flowdeck.options': bad })).ofUnknownOrigin, ['own'], bad);
    const by = (module: string | undefined, ...args: string[]) => ({
      params: { lr: '1' },
      tags: { ...tagOfOptions({ parameters: [] }, new Map()), ...tagOfCall('train.py', { module, args }) },
    });
    assert.equal(by(undefined, '--lr', 'a b').tags['flowdeck.arguments'], '["train.py","--lr","a b"]');
    assert.deepEqual(callOf(by(undefined, '--lr', 'a b')), { args: ['--lr', 'a b'] });
    assert.deepEqual(callOf(by('pkg.train')), { module: 'pkg.train', args: [] });
    for (const bad of ['', '{', '5', '[]', '[1]', '["-m"]', '["train.py", "\\u0000"]'])
      assert.equal(callOf({ tags: { 'flowdeck.arguments': bad } }), undefined, bad);
    assert.deepEqual(split(by(undefined, '--lr', '1')).loggedByProgram, ['lr']);
    assert.ok(hasOtherArguments(by(undefined, '--lr', '1'), by(undefined)));
    assert.ok(!hasOtherArguments(by(undefined, '--lr', '1'), by('pkg.train', '--lr', '1')));
    const asParams = { params: { lr: '1' }, tags: { ...tagOfOptions({ parameters: [] }, new Map([['lr', '1']])) } };
    assert.ok(!hasOtherArguments(asParams, by(undefined, '--lr', '1')) && hasOtherArguments(asParams, by(undefined)));
    assert.ok(!hasOtherArguments({ params: {}, tags: {} }, by(undefined, '--lr', '1')), 'nobody knows');
    const many = new Map(Array.from({ length: 900 }, (_, at) => [`option${at}`, '1']));
    assert.deepEqual(tagOfOptions({ parameters }, many), {});
  });
});

describe('a bisection', () => {
  it('finds the commit at which the metric moved, in as many launches as halving takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (length, choice) => {
        const culprit = choice % length;
        const valueAt = (at: number) => (at < culprit ? 0.9 : 0.5);
        let bisection: Bisection = {
          good: 0.9,
          bad: 0.5,
          candidates: Array.from({ length }, (_, at) => ({
            commit: `c${at}`,
            ...(at === length - 1 ? { value: 0.5 } : {}),
          })),
        };
        let launches = 0;
        for (let next = nextStep(bisection); ; next = nextStep(bisection)) {
          if (next.kind === 'found') return assert.equal(next.at, culprit);
          assert.equal(next.kind, 'launch');
          if (next.kind !== 'launch') return;
          launches++;
          assert.ok(launches <= Math.ceil(Math.log2(length)) + 1, `${launches} for ${length}`);
          bisection = withResult(bisection, next.at, { value: valueAt(next.at), runId: 'r' });
        }
      }),
    );
  });

  it('goes round commits whose runs give no value, and says so when only these are left', () => {
    const candidates = ['a', 'b', 'c', 'd'].map((commit) => ({ commit }));
    let bisection: Bisection = { good: 1, bad: 0, candidates: [...candidates, { commit: 'e', value: 0 }] };
    const asked: number[] = [];
    let next = nextStep(bisection);
    while (next.kind === 'launch') {
      asked.push(next.at);
      bisection = withResult(bisection, next.at, { failed: true });
      next = nextStep(bisection);
    }
    assert.deepEqual(asked.toSorted(), [0, 1, 2, 3]);
    assert.deepEqual(next, { kind: 'stuck', from: 0, to: 4 });
    assert.ok(isGood(bisection, 0.6) && !isGood(bisection, 0.4));
  });

  it('goes on from what was tried: runs that failed too, but nothing older than what a server says', () => {
    const commits = ['a', 'b', 'c', 'd', 'e'];
    const fresh: Bisection = {
      good: 1,
      bad: 0,
      candidates: commits.map((commit) => ({ commit, ...(commit === 'e' ? { value: 0 } : {}) })),
    };
    const begun = withResult(withResult(fresh, 1, { value: 1, runId: 'r' }), 2, { failed: true, runId: 's' });
    const tried = JSON.parse(JSON.stringify(triedOf(withResult(begun, 3, { value: Number.NaN, runId: 't' }))));
    assert.deepEqual(
      tried.map(({ commit }: { commit: string }) => commit),
      ['b', 'c', 'e'],
    );
    const measured = withResult(fresh, 2, { value: 0, runId: 'u' });
    assert.deepEqual(withTried(fresh, tried).candidates, begun.candidates);
    assert.deepEqual(withTried(measured, tried).candidates[2], { commit: 'c', value: 0, runId: 'u' });
    assert.deepEqual(nextStep(withTried(fresh, tried)), nextStep(begun));
    assert.deepEqual(withTried(fresh, [{ commit: 'gone', value: 1 }]), fresh);
  });

  const declared = ['rate', 'depth', 'toString'].map((name, at) => ({
    name,
    type: 'string',
    reachable: true,
    range: { line: 0, column: 0, endLine: 0, endColumn: 0 },
    ...(at === 1 ? {} : { default: ['0.1', '', '1'][at] ?? '' }),
  }));
  const bare = (params: Record<string, string>) => ({ params, tags: {} });

  it('takes runs for comparable by the params that the entry point declares, by all where it declares none', () => {
    const bad = bare({ rate: '0.1', depth: '3', seed: '7' });
    assert.deepEqual(differingParams(bare({ depth: '3', seed: '8' }), bad, declared), []);
    assert.deepEqual(differingParams(bare({ rate: '10', depth: '3', seed: '7' }), bad, declared), ['rate']);
    assert.deepEqual(differingParams(bare({ rate: '0.1', seed: '7' }), bad, declared), ['depth']);
    assert.deepEqual(differingParams(bare({ rate: '0.1', depth: '3' }), bad, []), ['seed']);
    assert.deepEqual(differingParams(bad, { ...bad }, []), []);
  });

  it('takes options of a launch for params, and what a program logs for none, where that was recorded', () => {
    const launched = (given: Record<string, string>, logged: Record<string, string>) => ({
      params: { ...given, ...logged },
      tags: tagOfOptions({ parameters: [] }, new Map(Object.entries(given))),
    });
    const bad = launched({ seed: '7' }, { seconds: '5' });
    assert.deepEqual(differingParams(launched({ seed: '7' }, { seconds: '6' }), bad, []), []);
    assert.deepEqual(differingParams(launched({ seed: '8' }, { seconds: '5' }), bad, []), ['seed']);
    assert.deepEqual(differingParams(launched({ seed: '7', more: '1' }, {}), bad, []), ['more']);
  });

  it('is kept until it is forgotten, one for each server, pair and metric; what cannot be read is passed over', async () => {
    const one = {
      uri: 'http://a',
      good: 'g',
      bad: 'b',
      metric: 'loss',
      names: ['good', 'bad'] as const,
      tried: [{ commit: 'c', failed: true }],
      open: 3,
      next: 'd',
    };
    const kept = new OpenBisections(
      memento({ 'flowdeck.projects.bisections': [null, 5, { ...one, open: 'x' }, { ...one, tried: [{ commit: 1 }] }] }),
    );
    assert.deepEqual(kept.all(), []);
    await kept.keep(one);
    await kept.keep({ ...one, metric: 'auc' });
    await kept.keep({ ...one, open: 1 });
    assert.deepEqual(
      kept.all().map(({ metric, open }) => [metric, open]),
      [
        ['auc', 3],
        ['loss', 1],
      ],
    );
    assert.equal(kept.find({ ...one, uri: 'http://b' }), undefined);
    await kept.forget(one);
    assert.deepEqual([kept.find(one), kept.all().length], [undefined, 1]);
  });
});
