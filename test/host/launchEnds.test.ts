import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { processesWith, until, untilGone } from '../support/processTree';
import { Script, type Shown } from './connectionsHarness';
import { generations } from './generations';
import { Launching } from './launchHarness';

for (const version of generations) {
  describe(`how launched runs end with MLflow ${version}`, () => {
    let launching: Launching;
    let failed = '';
    let killed = '';

    before(async () => {
      launching = await Launching.start(version);
    });
    after(() => launching?.dispose());

    it('says that an entry point failed, and offers to try again', async () => {
      const again = version === '2.15.1' ? 'Retry' : undefined;
      const before = launching.revealed.length;
      const { script, runId, ended } = await launching.launch('fails', {}, again);
      await ended(/^fails \(launching\) failed with exit code 1: run /);
      const shown: Shown | undefined = script.shown.at(-1);
      assert.deepEqual([shown?.kind, shown?.choices], ['error', ['Show Run', 'Open Charts', 'Retry']]);
      assert.equal((await launching.run(runId)).status, 'FAILED');
      failed = runId;
      if (!again) return;
      const second = new Script(() => undefined);
      await until(
        () => second.texts('error').length > 0,
        () => 'the second try did not end',
        40_000,
      );
      second.restore();
      const [, repeated = ''] = launching.revealed.slice(before);
      assert.notEqual(repeated, runId);
      assert.equal((await launching.run(repeated)).status, 'FAILED');
    });

    it('ends everything of a task that is terminated, and calls its run killed', async () => {
      const { runId, ended } = await launching.launchForever();
      assert.ok(processesWith(runId).length >= 4);
      const task = vscode.tasks.taskExecutions.find((execution) => execution.task.name === 'forever (launching)');
      assert.ok(task);
      assert.ok(!JSON.stringify(task.task.definition).includes(launching.server.uri));
      task.terminate();
      await ended(/^forever \(launching\) was stopped: run /);
      assert.deepEqual(await untilGone(runId, 500), []);
      const { status, endTime } = await launching.run(runId);
      assert.deepEqual([status, endTime !== undefined], ['KILLED', true]);
      killed = runId;
    });

    it('leaves runs ended for the official client as well', async () => {
      const runs = await launching.readBack(failed, killed);
      assert.deepEqual(
        runs.map((run) => [run?.status, run?.ended]),
        [
          ['FAILED', true],
          ['KILLED', true],
        ],
      );
    });

    if (version === '2.15.1') {
      it('calls a run killed that is interrupted by Ctrl-C in the terminal, whatever MLflow calls it', async () => {
        const { runId, ended } = await launching.launchForever();
        // The window has gone over to another store meanwhile.
        launching.session.connector.reconsider(true);
        await launching.connections.require();
        vscode.window.terminals.find(({ name }) => name.includes('forever'))?.sendText('\u0003', false);
        await ended(/^forever \(launching\) was stopped: run /);
        assert.deepEqual(await untilGone(runId, 500), []);
        assert.equal((await launching.run(runId)).status, 'KILLED');
      });

      // The last one: afterwards nothing can be launched.
      it('leaves no process and no running run when the window goes', async () => {
        const { script, runId } = await launching.launchForever();
        launching.tasks.dispose();
        assert.deepEqual(await untilGone(runId), []);
        // The window of this test goes on living, and would call it failed.
        assert.equal((await launching.run(runId)).status, 'KILLED');
        script.restore();
      });
    }
  });
}
