import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments } from '../../src/projects/bisect/leftBisections';
import { OpenBisections } from '../../src/projects/bisect/openBisections';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import type { Run } from '../../src/shared/domain';
import { mlflowPython } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { LaunchLab, labFiles } from './launchLab';
import { reproduce, withThisPython } from './reproduceHarness';

const train = `import argparse, mlflow
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--note", default="")
parser.add_argument("--quick", action="store_true")
parser.add_argument("--no-log", action="store_true")
given = parser.parse_args()
mlflow.set_experiment("lab")
with mlflow.start_run():
    if not given.no_log:
        mlflow.log_params(vars(given))
    mlflow.log_metric("score", given.lr * float(open("value.txt").read()) * (2 if given.quick else 1))
`;
const inPackage = `import argparse, mlflow
from .net import twice
parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--sizes", nargs="+", type=int)
given = parser.parse_args()
mlflow.set_experiment("lab")
with mlflow.start_run():
    mlflow.log_params(vars(given))
    mlflow.log_metric("score", twice(sum(given.sizes)))
`;
const nested = `import mlflow
mlflow.set_experiment("lab")
with mlflow.start_run(run_name="whole"):
    mlflow.log_metric("score", 3)
    for part in (1, 2):
        with mlflow.start_run(run_name=f"part {part}", nested=True):
            mlflow.log_metric("score", part)
`;
const note = `it's {a} $(id) "b"`;

describe('reproducing scripts that were started by hand', function () {
  // MLflow is imported by each of them, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('byhand');
    lab.write({
      'train.py': train,
      'value.txt': '3',
      'pkg/__init__.py': '',
      'pkg/net.py': 'def twice(x):\n    return 2 * x\n',
      'pkg/train.py': inPackage,
      'nested.py': nested,
    });
    lab.commit('scripts');
  });
  after(() => lab?.close());

  /** As a person does in a terminal; gives the run, or the one of that name. */
  const byHand = async (args: readonly string[], name?: string): Promise<Run> => {
    const before = new Set((await lab.runs()).map(({ runId }) => runId));
    const env = { ...process.env, MLFLOW_TRACKING_URI: lab.server.uri, GIT_PYTHON_REFRESH: 'quiet' };
    await promisify(execFile)(mlflowPython('3.17.2'), args, { cwd: lab.folder, env });
    const made = (await lab.runs()).filter(({ runId }) => !before.has(runId));
    const run = made.find((one) => name === undefined || one.name === name);
    assert.ok(run, `${args} made ${made.map((one) => one.name)}`);
    assert.equal(run.status, 'FINISHED');
    return run;
  };
  const newest = async () => {
    const run = (await lab.runs()).findLast(({ tags }) => 'flowdeck.reproduces' in tags);
    assert.ok(run);
    return run;
  };

  it('proposes the options that the run logged, and gives the script exactly these', async () => {
    const run = await byHand(['train.py', '--lr', '0.5', '--quick', '--note', note]);
    const done = await reproduce(lab, run.runId);
    const box = done.script.shown.find(({ kind }) => kind === 'input');
    assert.equal(box?.title, 'Options of train.py');
    assert.equal(box?.value, `--lr 0.5 --note 'it'\\''s {a} $(id) "b"' --quick`);
    assert.match(done.facts, /^Command: python train\.py --lr 0\.5 --note 'it'"'"'s \{a\} \$\(id\) "b"' --quick$/m);
    assert.match(done.facts, /• MLflow did not record the command line: the options are yours\./);
    assert.doesNotMatch(done.facts, /Not passed on/);
    assert.deepEqual(done.choices, [withThisPython, 'Change Options…']);
    assert.match(done.told, /ended as FINISHED: 5 values are the same .*, 0 differ, 0 are unknown/);
    const again = await newest();
    assert.deepEqual([again.params.note, again.params.quick, again.metrics.score?.value], [note, 'True', 3]);
    assert.equal(
      again.tags['flowdeck.arguments'],
      JSON.stringify(['train.py', '--lr', '0.5', '--note', note, '--quick']),
    );
    assert.deepEqual(lab.worktrees(), []);
    // By now it is known: nobody is asked.
    const next = await reproduce(lab, again.runId);
    assert.ok(!next.script.shown.some(({ kind }) => kind === 'input'));
    assert.doesNotMatch(next.facts, /did not record/);
    assert.match(next.told, /ended as FINISHED: 5 values are the same .*, 0 differ, 0 are unknown/);
    assert.equal((await newest()).tags['flowdeck.arguments'], again.tags['flowdeck.arguments']);
  });

  it('takes what a person types instead, keeps it while they look, and says what cannot be read', async () => {
    const run = await byHand(['train.py', '--lr', '0.5', '--no-log']);
    const replies = [`--lr '0.5`, '--no-log', '--lr 0.5 --no-log'];
    const boxes: string[] = [];
    const answers = ['Change Options…', withThisPython];
    const script = new Script(({ kind, value, choices }) => {
      if (kind !== 'input') return choices.find((choice) => choice === answers[0]) && answers.shift();
      boxes.push(value);
      return replies.shift();
    });
    lab.picked.splice(0, lab.picked.length, run.runId);
    try {
      // A quote that does not end: the box stays, and the harness leaves it.
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      assert.deepEqual([script.shown.length, boxes], [1, ['']]);
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      await until(
        () => script.shown.some(({ message }) => /ended as/.test(message)) || lab.reported.length > 0,
        () => `it did not end: ${JSON.stringify(script.shown)}`,
        150_000,
      );
    } finally {
      script.restore();
    }
    assert.deepEqual([lab.reported, boxes], [[], ['', '', '--no-log']]);
    const facts = script.shown.findLast(({ detail }) => detail !== '')?.detail ?? '';
    assert.match(facts, /^Command: python train\.py --lr 0\.5 --no-log$/m);
    assert.match(script.shown.at(-1)?.message ?? '', /ended as FINISHED: 1 values are the same .*, 0 differ/);
    assert.equal((await newest()).metrics.score?.value, 1.5);
  });

  it('starts what imports relatively as the module that it is', async () => {
    const run = await byHand(['-m', 'pkg.train', 'in.csv', '--sizes', '8', '16']);
    const done = await reproduce(lab, run.runId);
    assert.match(done.facts, /^Command: python -m pkg\.train in\.csv --sizes 8 16$/m);
    assert.match(done.facts, /^Started as a module: it imports from its own package\.$/m);
    assert.match(done.told, /ended as FINISHED: 3 values are the same .*, 0 differ, 0 are unknown/);
    const again = await newest();
    assert.deepEqual(
      [again.metrics.score?.value, again.tags['flowdeck.arguments'], again.tags['mlflow.project.entryPoint']],
      [48, '["-m","pkg.train","in.csv","--sizes","8","16"]', 'pkg/train.py'],
    );
    const next = await reproduce(lab, again.runId);
    assert.match(next.facts, /^Command: python -m pkg\.train in\.csv --sizes 8 16$/m);
    assert.match(next.told, /ended as FINISHED: 3 values are the same .*, 0 differ/);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'MLproject'), 'utf8'), labFiles.MLproject);
    assert.deepEqual(lab.worktrees(), []);
  });

  it('does not take a run for the script that made it and others: it offers the parent', async () => {
    const part = await byHand(['nested.py'], 'part 1');
    const parent = part.tags['mlflow.parentRunId'] ?? '';
    const left = new Script(() => undefined);
    lab.picked.splice(0, lab.picked.length, part.runId);
    const before = (await lab.runs()).length;
    await reproduceRun(await lab.tasks.shared(), lab.tasks, []).finally(() => left.restore());
    assert.deepEqual(left.texts('warning'), [
      'part 1 was made inside the script of whole, which did more than this run. Choose whole: its script makes its runs again.',
    ]);
    assert.deepEqual([left.shown.length, (await lab.runs()).length], [1, before]);
    const done = await reproduce(lab, part.runId, 'Reproduce whole', withThisPython);
    assert.match(done.told, /ended as FINISHED: 1 values are the same as those of whole, 0 differ/);
    const again = await newest();
    assert.equal(again.tags['flowdeck.reproduces'], parent);
    const { uri } = await lab.connections.require();
    const of = { uri, good: part.runId, bad: part.runId, metric: 'score' };
    lab.picked.splice(0, lab.picked.length, part.runId, parent);
    await assert.rejects(
      bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments({ ...of, bad: parent })),
      /part 1 was made inside the script of whole/,
    );
  });

  it('refuses the parent of a sweep, and reproduces one of its runs', async () => {
    const values = new Map([['factor', '1, 2']]);
    const sweep = { method: 'grid', samples: 1, seed: 1, parallel: 2, values } as const;
    const { run } = await lab.run(lab.request('main', {}, { sweep }));
    lab.picked.splice(0, lab.picked.length, run.runId);
    await assert.rejects(
      reproduceRun(await lab.tasks.shared(), lab.tasks, []),
      (error: Error) => error.message === `${run.name} is the parent of a sweep: no program ran for it.`,
    );
    const child = (await lab.runs()).find(({ tags }) => tags['mlflow.parentRunId'] === run.runId);
    assert.match(
      (await reproduce(lab, child?.runId ?? '')).told,
      /ended as FINISHED: 4 values are the same .*, 0 differ/,
    );
  });

  it('bisects with one command line for all commits, asked once and kept with the bisection', async () => {
    const commits: string[] = [];
    for (const [at, value] of ['3', '3', '9', '9'].entries()) {
      lab.write({ 'value.txt': value, 'note.txt': String(at) });
      commits.push(lab.commit(`value ${at}`));
    }
    const bad = await byHand(['train.py', '--lr', '0.5']);
    const { store, uri } = await lab.connections.require();
    const { runId: goodId } = await store.createRun({
      experimentId: bad.experimentId,
      tags: { ...bad.tags, 'mlflow.source.git.commit': commits[0] ?? '' },
    });
    const metrics = [{ key: 'score', value: 1.5, timestamp: 1, step: 0 }];
    await store.logBatch(goodId, { params: bad.params, metrics });
    await store.updateRun(goodId, { status: 'FINISHED' });
    const of = { uri, good: goodId, bad: bad.runId, metric: 'score' };
    const kept = new OpenBisections(lab.platform.context.workspaceState);
    const bisected = async (script: Script, done: RegExp) => {
      lab.picked.splice(0, lab.picked.length, of.good, of.bad);
      lab.reported.length = 0;
      try {
        await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of));
        await until(
          () => script.texts('information').some((text) => done.test(text)) || lab.reported.length > 0,
          () => `it did not go on: ${JSON.stringify(script.shown)}`,
          200_000,
        );
      } finally {
        script.restore();
      }
      assert.deepEqual(lab.reported, []);
    };
    // Whoever leaves the question for the options has begun nothing.
    const undecided = new Script(() => undefined);
    lab.picked.splice(0, lab.picked.length, of.good, of.bad);
    await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of)).finally(() => undecided.restore());
    assert.deepEqual(
      [undecided.shown.map(({ kind, value }) => [kind, value]), kept.all()],
      [[['input', '--lr 0.5']], []],
    );
    const left = new Script(({ kind, value }) => (kind === 'input' ? value : undefined));
    await bisected(left, /commits are still open/);
    assert.deepEqual(
      kept.all().map(({ args }) => args),
      [['--lr', '0.5']],
    );
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch There'));
    await bisected(script, /score moved/);
    assert.ok(!script.shown.some(({ kind }) => kind === 'input'), 'it is not asked again');
    assert.equal(
      script.texts('information').at(-1),
      `score moved to 4.5 at ${commits[2]?.slice(0, 7)} "value 2" (Ada).`,
    );
    const launched = (await lab.runs()).filter(({ tags }) => tags['flowdeck.bisects'] === 'score');
    assert.ok(launched.length > 0);
    for (const { tags, params } of launched)
      assert.deepEqual([tags['flowdeck.arguments'], params.lr], ['["train.py","--lr","0.5"]', '0.5']);
    assert.deepEqual(lab.worktrees(), []);
  });
});
