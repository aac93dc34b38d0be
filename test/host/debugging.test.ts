import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { debugExtras } from '../../src/projects/launch/debugLaunch';
import type { EnvironmentManager } from '../../src/projects/request/taskDefinition';
import { offlineEnvironment, pythonVersion, toolsPython, withEnvironment } from '../support/launchTools';
import { until, untilGone } from '../support/processTree';
import { Script } from './connectionsHarness';
import { generations } from './generations';
import { LaunchLab } from './launchLab';

const program = `import sys, time, lab
given = sys.argv[1:]
lab.metric("score", float(given[0]) * 3)
time.sleep(float(given[2]))
`;
const project = `name: debugged
entry_points:
  main:
    parameters: {factor: float, note: string, seconds: {type: float, default: 0}}
    command: "python main.py {factor} {note} {seconds}"
  piped:
    command: "python main.py 1 2 0 | cat"
`;
/** Where the debugger has stopped. */
interface Stop {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
}

describe('an entry point under the Python debugger', function () {
  // The debugger is imported in several processes, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;
  let tracking: vscode.Disposable;
  let restore = () => {};
  const stops: Stop[] = [];
  const [version = '2.15.1'] = generations;

  before(async () => {
    lab = await LaunchLab.open('debugged', version, toolsPython(version));
    restore = withEnvironment(offlineEnvironment(version, lab.storage));
    const python = `python: "${pythonVersion(version)}"`;
    lab.write({
      MLproject: `${project}python_env: python_env.yaml\n`,
      'main.py': program,
      'alone.py': 'import sys\ngiven = sys.argv[1:]\nprint(given)\n',
      'python_env.yaml': `${python}\ndependencies:\n  - flowdeck-test-lab==1.0\n`,
      'contained/MLproject': `${project}docker_env: {image: nowhere/image}\n`,
      'unbuildable/MLproject': `${project}python_env: python_env.yaml\n`,
      'unbuildable/python_env.yaml': `${python}\ndependencies:\n  - flowdeck-no-such-thing==1.0\n`,
    });
    const at = new vscode.Position(2, 0);
    const file = vscode.Uri.file(path.join(fs.realpathSync(lab.folder), 'main.py'));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(file, at))]);
    tracking = vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: ({ event, body }) => {
          if (event === 'stopped') stops.push({ session, threadId: body.threadId });
        },
      }),
    });
  });
  after(async () => {
    tracking?.dispose();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    restore();
    await lab?.close();
  });

  const openFolder = () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    return folder;
  };

  /** Launches it and waits until it stands at the breakpoint. */
  async function launch(
    parameters: Record<string, string>,
    environmentManager: EnvironmentManager = 'local',
    entryPoint = 'main',
  ) {
    stops.length = 0;
    const request = lab.request(entryPoint, parameters, { environmentManager });
    const { ended } = await lab.start(request, await debugExtras(openFolder(), entryPoint));
    await until(
      () => stops.length > 0,
      () => `the breakpoint was not hit: ${lab.reported}`,
      120_000,
    );
    const [stop] = stops;
    assert.ok(stop);
    return { ended, ...stop };
  }

  it('stops at a breakpoint with its values in sight, goes on and finishes its run', async () => {
    const note = `it's $(id)`;
    const { ended, session, threadId } = await launch({ factor: '5', note });
    const { stackFrames } = await session.customRequest('stackTrace', { threadId });
    const [frame] = stackFrames;
    assert.deepEqual([path.basename(frame.source.path), frame.line], ['main.py', 3]);
    const { result } = await session.customRequest('evaluate', { expression: 'given[1]', frameId: frame.id });
    assert.equal(result, `"${note}"`);
    assert.deepEqual([session.configuration.type, session.configuration.request], ['debugpy', 'attach']);
    assert.ok(!JSON.stringify(session.configuration).includes(lab.server.uri));
    await session.customRequest('continue', { threadId });
    const end = await ended;
    assert.deepEqual([end.result, end.exitCode], ['FINISHED', 0]);
    const run = await lab.get(end.runId ?? '');
    assert.deepEqual([run.status, run.metrics.score?.value, run.params.note], ['FINISHED', 15, note]);
  });

  it('stops in a script that nothing declares, too', async () => {
    const source = vscode.Uri.file(path.join(fs.realpathSync(lab.folder), 'alone.py'));
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(source, new vscode.Position(2, 0)));
    vscode.debug.addBreakpoints([breakpoint]);
    const { ended, session, threadId } = await launch({ rate: '5', note: `it's` }, 'local', 'alone.py');
    const { stackFrames } = await session.customRequest('stackTrace', { threadId });
    const { result } = await session.customRequest('evaluate', { expression: 'given', frameId: stackFrames[0].id });
    assert.equal(result, `['--rate', '5', '--note', "it's"]`);
    await session.customRequest('continue', { threadId });
    assert.equal((await ended).result, 'FINISHED');
    vscode.debug.removeBreakpoints([breakpoint]);
  });

  for (const manager of version === '2.15.1' ? (['virtualenv'] as const) : (['virtualenv', 'uv'] as const))
    it(`stops in the environment that ${manager} has made for the project`, async () => {
      const { ended, session, threadId } = await launch({ factor: '2', note: 'x' }, manager);
      const { stackFrames } = await session.customRequest('stackTrace', { threadId });
      const evaluate = async (expression: string) =>
        (await session.customRequest('evaluate', { expression, frameId: stackFrames[0].id })).result;
      const made = fs.realpathSync(path.join(lab.storage, 'environments'));
      // What the project asks for is in that environment alone.
      assert.match(await evaluate('__import__("flowdeck_test_lab").__file__'), new RegExp(`^'${made}/`));
      assert.match(await evaluate('__import__("sys").prefix'), new RegExp(`^'${made}/`));
      await session.customRequest('continue', { threadId });
      const end = await ended;
      const run = await lab.get(end.runId ?? '');
      assert.deepEqual([end.result, run.metrics.score?.value], ['FINISHED', 6]);
      assert.equal(run.tags['mlflow.project.env'], manager);
      fs.rmSync(made, { recursive: true });
    });

  it('fails with the environment that cannot be made, and waits for no debugger', async () => {
    const request = { ...lab.request('main', { factor: '1', note: 'x' }), project: 'debugged/unbuildable' };
    const extras = await debugExtras(openFolder(), 'main');
    const ended = await (await lab.start({ ...request, environmentManager: 'virtualenv' }, extras)).ended;
    assert.deepEqual([ended.result, (await lab.get(ended.runId ?? '')).status], ['FAILED', 'FAILED']);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });

  it('ends with the session, and its run is killed', async () => {
    const { ended, session } = await launch({ factor: '1', note: '', seconds: '600' });
    await vscode.debug.stopDebugging(session);
    const { result, runId = '' } = await ended;
    assert.deepEqual([result, (await lab.get(runId)).status], ['KILLED', 'KILLED']);
    assert.deepEqual(await untilGone(runId, 500), []);
  });

  it('is debugged again, with its own tags, when it is tried again', async () => {
    const before = lab.revealed.length;
    const presses = ['Retry'];
    const script = new Script(({ choices }) => (choices.includes('Retry') ? presses.shift() : undefined));
    const stopped = async (count: number) => {
      await until(
        () => stops.length === count,
        () => `the breakpoint was hit ${stops.length} times: ${lab.reported} ${JSON.stringify(script.shown)}`,
        120_000,
      );
      return stops.at(-1);
    };
    try {
      stops.length = 0;
      lab.reported.length = 0;
      const extras = { ...(await debugExtras(openFolder(), 'main')), tags: { own: 'kept' } };
      await lab.tasks.run(lab.request('main', { factor: '3', note: 'x' }), openFolder(), extras);
      const first = await stopped(1);
      await vscode.debug.stopDebugging(first?.session);
      const second = await stopped(2);
      await second?.session.customRequest('continue', { threadId: second.threadId });
      await until(
        () => script.shown.some(({ message }) => /^main \(debugged\) finished/.test(message)),
        () => `it did not finish: ${lab.reported} ${JSON.stringify(script.shown)}`,
        60_000,
      );
    } finally {
      script.restore();
    }
    const runs = await Promise.all(lab.revealed.slice(before).map((runId) => lab.get(runId)));
    assert.deepEqual(
      runs.map(({ status, tags }) => [status, tags.own]),
      [
        ['KILLED', 'kept'],
        ['FINISHED', 'kept'],
      ],
    );
  });

  it('is refused where there is no debugger, in a container, or when the command is not one call of Python', async () => {
    const contained = { ...lab.request('main', { factor: '1', note: 'x' }), project: 'debugged/contained' };
    const inContainer = await debugExtras(openFolder(), 'main');
    await assert.rejects((await lab.start(contained, inContainer)).ended, /in a container, where no debugger follows/);
    const extras = await debugExtras(openFolder(), 'piped');
    await assert.rejects((await lab.start(lab.request('piped'), extras)).ended, /not one call of Python/);
    const { getExtension } = vscode.extensions;
    Object.assign(vscode.extensions, { getExtension: () => undefined });
    try {
      await assert.rejects(debugExtras(openFolder(), 'main'), /not installed/);
    } finally {
      Object.assign(vscode.extensions, { getExtension });
    }
  });
});
