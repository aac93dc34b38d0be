import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Harness, Person, sourceHarness, workspaceFolder } from './sourceHarness';

const key = (name: string) => `mlflow.source.git.${name}`;

for (const version of generations)
  describe(`tagging with a patch where artifacts are not served, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `refused-${version}`;
    const folder = path.join(workspaceFolder(), name);
    let artifacts = '';
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let head = '';

    before(async () => {
      artifacts = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-artifacts-'));
      // The real thing: no proxy for artifacts, and a root that only who runs the server can reach.
      const args = ['--no-serve-artifacts', '--default-artifact-root', path.join(artifacts, 'root')];
      server = await startMlflowServer(version, { args });
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      head = commit(folder, 'First', { 'train.py': 'print("first")\n' });
      write(folder, 'train.py', 'print("dirty")\n');
    });
    after(async () => {
      harness?.dispose();
      await server?.dispose();
      for (const made of [folder, artifacts]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
    });
    afterEach(() => {
      person.restore();
    });

    const run = async () =>
      (await harness.store.createRun({ experimentId: '0', tags: { 'mlflow.source.name': 'train.py' } })).runId;
    const tagsOf = async (runId: string) => ({ ...(await harness.store.getRun(runId)).tags });
    const choosing = (...buttons: readonly string[]) => {
      person.answer = ({ kind, choices }) =>
        kind === 'pick'
          ? choices.find((choice) => choice.includes(`$(repo) ${name} `))
          : buttons.find((button) => choices.includes(button));
    };

    it('stores the patch where the server itself can write', async () => {
      const runId = await run();
      choosing('Tag with Patch…');
      await tagRuns(harness, [runId]);
      const place = (await tagsOf(runId))['flowdeck.git.patch'] ?? '';
      assert.match(place, /^flowdeck\/uncommitted-[0-9a-f]{12}\.patch$/);
      const stored = path.join(artifacts, 'root', '0', runId, 'artifacts', place);
      assert.match(fs.readFileSync(stored, 'utf8'), /\+print\("dirty"\)/);
    });

    it('says what failed where it cannot, writes no tag unasked, and tags without the patch on request', async () => {
      const root = path.join(artifacts, 'root');
      fs.rmSync(root, { recursive: true });
      fs.writeFileSync(root, 'a file stands where the folder of all artifacts was');
      const runId = await run();
      choosing('Tag with Patch…');
      await tagRuns(harness, [runId]);
      const { message = '', detail = '', choices = [] } = person.asked.at(-1) ?? {};
      assert.match(message, /^The patch could not be stored: ./);
      assert.match(detail, new RegExp(`^${server.uri}\\n.*must be able to write to the artifacts`));
      assert.deepEqual(choices, ['Tag without Patch']);
      assert.equal((await tagsOf(runId))[key('commit')], undefined);

      choosing('Tag with Patch…', 'Tag without Patch');
      await tagRuns(harness, [runId]);
      const tags = await tagsOf(runId);
      assert.deepEqual(
        [tags[key('commit')], tags[key('dirty')], tags['flowdeck.git.patch']],
        [head, 'true', undefined],
      );
      assert.match(person.asked.at(-1)?.message ?? '', /^Tagged run .* with [0-9a-f]{7} \(main\)\.$/);
      assert.equal(git(folder, 'status', '--porcelain'), 'M train.py');
    });
  });
