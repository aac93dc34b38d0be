import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reportUri } from '../../src/projects/reports/reportUri';
import { VerdictPages } from '../../src/projects/reports/verdictPages';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { configure, runsOver, Script } from './connectionsHarness';
import { LaunchLab, labFiles } from './launchLab';

/** Goes on as soon as there is a file: so a test knows where the window is by then. */
const waits = `import os, sys, time, lab
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
lab.metric("score", 1)
`;

describe('reproducing a run of a server that the window leaves meanwhile', function () {
  this.timeout(240_000);
  let lab: LaunchLab;
  let other: MlflowServer;
  let gate = '';
  let original = '';

  before(async () => {
    lab = await LaunchLab.open('elsewhere');
    other = await startMlflowServer('3.17.2');
    gate = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-gate-')), 'open');
    lab.write({
      MLproject: `${labFiles.MLproject}  waits:\n    parameters: {gate: {type: string}}\n    command: "python waits.py {gate}"\n`,
      'waits.py': waits,
    });
    lab.commit('waits');
    fs.writeFileSync(gate, '');
    original = (await lab.run(lab.request('waits', { gate }))).run.runId;
  });
  after(async () => {
    await lab?.close();
    await other?.dispose();
    if (gate) fs.rmSync(path.dirname(gate), { recursive: true, force: true });
  });

  const goTo = async (uri: string) => {
    await configure('trackingUri', uri);
    assert.equal((await lab.session.connector.retry())?.uri, uri);
  };

  /** Reproduces it, and goes to the other server while it runs; gives the new run and what the person saw. */
  const reproduceAndLeave = async (press: string) => {
    await goTo(lab.server.uri);
    fs.rmSync(gate);
    lab.reported.length = 0;
    lab.picked.splice(0, lab.picked.length, original);
    const before = lab.revealed.length;
    const script = new Script(({ choices }) =>
      choices.find((choice) => choice === press || choice.startsWith('Reproduce with This')),
    );
    try {
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      await until(
        () => lab.revealed.length > before || lab.reported.length > 0,
        () => 'no run was made',
        90_000,
      );
      await goTo(other.uri);
      fs.writeFileSync(gate, '');
      await until(
        () => script.shown.some(({ message }) => /ended as/.test(message)) || lab.reported.length > 0,
        () => `it did not end: ${JSON.stringify(script.shown)}`,
        90_000,
      );
      assert.deepEqual(lab.reported, []);
    } finally {
      script.restore();
    }
    const told = script.shown.findIndex(({ message }) => /ended as/.test(message));
    return { runId: lab.revealed[before] ?? '', script, told };
  };

  it('ends, is judged and is saved at its own server, which the verdict names', async () => {
    const { runId, script, told } = await reproduceAndLeave('Save with Run');
    assert.match(
      script.shown[told]?.message ?? '',
      new RegExp(`ended as FINISHED: 2 values are the same .*, 0 differ, 0 are unknown\\. \\(${lab.server.uri}\\)$`),
    );
    assert.deepEqual(await lab.runs(), [], 'nothing is made at the other server');
    await goTo(lab.server.uri);
    const { store } = await lab.connections.require();
    await until(
      () =>
        store.listArtifacts(runId, 'flowdeck').then(
          ({ files }) => files.some((file) => file.path === 'flowdeck/reproduction.md'),
          () => false,
        ),
      () => 'the verdict was not saved',
    );
    const run = await lab.get(runId);
    assert.deepEqual([run.status, run.tags['flowdeck.reproduces']], ['FINISHED', original]);
    assert.deepEqual(lab.worktrees(), []);
  });

  it('asks before its page is shown, which says where the run is until the window is back', async () => {
    const { runId, script, told } = await reproduceAndLeave('Show Verdict');
    const asked = () => script.shown.slice(told + 1).find(({ choices }) => choices.includes('Connect…'));
    await until(
      () => asked() !== undefined,
      () => `it does not ask: ${JSON.stringify(script.shown)}`,
    );
    assert.equal(asked()?.message, `This was launched at ${lab.server.uri}, and this window works with ${other.uri}.`);
    const again: string[] = [];
    const services = { platform: lab.platform, connections: lab.connections, runs: runsOver(lab.connections, [], []) };
    const pages = new VerdictPages(services, (uri) => void again.push(uri.toString()));
    const page = reportUri('verdict', 'x reproduced', { server: lab.server.uri, run: runId });
    assert.equal(
      await pages.text(page),
      `Could not show the verdict: This verdict is of a run at ${lab.server.uri}. Connect to that server.`,
    );
    await goTo(lab.server.uri);
    await until(
      () => again.includes(page.toString()),
      () => 'the page is not read again',
    );
    assert.match((await pages.text(page)) ?? '', /2 are the same\./);
  });
});
