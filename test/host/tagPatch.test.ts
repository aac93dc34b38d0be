import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { describeFailure } from '../../src/platform/failure';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Asked, type Harness, Person, sourceHarness, until, workspaceFolder } from './sourceHarness';

const patchTag = 'flowdeck.git.patch';
const patchName = /^flowdeck\/uncommitted-[0-9a-f]{12}\.patch$/;
const key = (name: string) => `mlflow.source.git.${name}`;
/** Put together here, so that no scanner takes this file for a leak. */
const awsKey = ['AKIA', 'QWERTYUIOPASDFGH'].join('');

for (const version of generations)
  describe(`tagging with a patch, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `patch-${version}`;
    const folder = path.join(workspaceFolder(), name);
    const clone = path.join(path.dirname(workspaceFolder()), `${path.basename(workspaceFolder())}-${version}-clone`);
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let head = '';

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      head = commit(folder, 'First', {
        'train.py': 'print("first")\n',
        'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
      });
    });
    after(async () => {
      harness?.dispose();
      await server?.dispose();
      for (const made of [folder, clone]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
    });
    afterEach(async () => {
      person.restore();
      git(folder, 'checkout', '-q', '-f', 'main');
      git(folder, 'clean', '-fdq');
      fs.rmSync(clone, { recursive: true, force: true, maxRetries: 3 });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    const run = async () =>
      (await harness.store.createRun({ experimentId: '0', tags: { 'mlflow.source.name': 'train.py' } })).runId;
    const tagsOf = async (runId: string) => ({ ...(await harness.store.getRun(runId)).tags });
    const placeOf = async (runId: string) => (await tagsOf(runId))[patchTag] ?? '';
    /** All patches that stand with a run, be it told of them or not. */
    const placesOf = async (runId: string) =>
      (await harness.store.listArtifacts(runId, 'flowdeck')).files.map((file) => file.path).sort();
    /** The artifact as the official client gives it. */
    const patchInPython = async (runId: string): Promise<Buffer> => {
      const code = [
        'import sys, base64, mlflow',
        'path = mlflow.artifacts.download_artifacts(run_id=sys.argv[1], artifact_path=sys.argv[2])',
        "print('<<' + base64.b64encode(open(path, 'rb').read()).decode() + '>>')",
      ];
      const output = await server.python(code.join('\n'), runId, await placeOf(runId));
      return Buffer.from(/<<(.*)>>/.exec(output)?.[1] ?? '', 'base64');
    };
    /** Starting Python takes seconds: what it agrees with is shown once, then the store is asked. */
    const patchOf = async (runId: string, place?: string): Promise<Buffer> => {
      const parts: Uint8Array[] = [];
      const { body } = await harness.store.downloadArtifact(runId, place ?? (await placeOf(runId)));
      for await (const part of body) parts.push(part);
      return Buffer.concat(parts);
    };
    /** What stands where the only patch of a run was. */
    const leftOf = async (runId: string) => (await patchOf(runId, (await placesOf(runId))[0])).toString();
    const withdrawn = 'The patch that stood here was withdrawn.\n';
    /** Answers the pick of the repository, then dialogs by `buttons` in their order of appearance. */
    const answering =
      (untracked: readonly string[], ...buttons: readonly string[]) =>
      ({ kind, message, choices }: Asked): string | undefined => {
        if (kind === 'pick' && message.includes('repositories'))
          return choices.find((choice) => choice.includes(`$(repo) ${name} `));
        if (kind === 'pick')
          return choices.filter((choice) => untracked.some((file) => choice.startsWith(`${file} `))).join('\n');
        return buttons.find((button) => choices.includes(button));
      };

    it('stores what the Python client reads back and git applies, and names what was left out', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      write(folder, 'latin.txt', Buffer.from('th\xe9\n', 'latin1'));
      write(folder, 'new file.py', 'new = 1\n');
      write(folder, 'notes.txt', 'mine\n');
      const runIds = [await run(), await run()];
      person.answer = answering(['new file.py'], 'Tag with Patch…');
      await tagRuns(harness, runIds);
      for (const runId of runIds) {
        const tags = await tagsOf(runId);
        assert.deepEqual([tags[key('commit')], tags[key('dirty')]], [head, 'true']);
        assert.match(tags[patchTag] ?? '', patchName);
      }
      const patch = await patchInPython(runIds[1] ?? '');
      assert.match(patch.toString('latin1'), /^# Changes beyond commit [0-9a-f]{40}/);
      assert.match(patch.toString('latin1'), /# Untracked files that are not in it:\n#\s+"notes\.txt"\n/);
      git(path.dirname(clone), 'clone', '-q', folder, clone);
      git(clone, 'checkout', '-q', head);
      const file = path.join(clone, '..', `${path.basename(clone)}.patch`);
      fs.writeFileSync(file, patch);
      git(clone, 'apply', file);
      fs.rmSync(file);
      for (const changed of ['train.py', 'latin.txt', 'new file.py'])
        assert.deepEqual(fs.readFileSync(path.join(clone, changed)), fs.readFileSync(path.join(folder, changed)));
      assert.ok(!fs.existsSync(path.join(clone, 'notes.txt')));
      assert.match(harness.audits.at(-1) ?? '', /flowdeck\.git\.patch/);
    });

    it('is undone exactly: the tags, and what they tell of was never written over', async () => {
      const runId = await run();
      const bare = await tagsOf(runId);
      write(folder, 'train.py', 'print("one")\n');
      person.answer = answering([], 'Tag with Patch…');
      await tagRuns(harness, [runId]);
      const [tags, first, place] = [await tagsOf(runId), await patchOf(runId), await placeOf(runId)];
      write(folder, 'train.py', 'print("two")\n');
      await tagRuns(harness, [runId]);
      const second = await placeOf(runId);
      assert.notEqual(second, place);
      assert.deepEqual(await patchOf(runId, place), first, 'the patch that a colleague may have stored');
      assert.match((await patchOf(runId)).toString(), /\+print\("two"\)/);

      write(folder, 'train.py', 'print("one")\n');
      await tagRuns(harness, [runId]);
      assert.deepEqual([await tagsOf(runId), await placesOf(runId)], [tags, [place, second].sort()]);
      write(folder, 'train.py', 'print("three")\n');
      person.answer = answering([], 'Tag with Patch…', 'Undo');
      await tagRuns(harness, [runId]);
      const third = await until('the third patch', async () =>
        (await placesOf(runId)).find((other) => other !== place && other !== second),
      );
      await until('the third patch to be withdrawn', async () =>
        (await patchOf(runId, third)).toString() === withdrawn ? true : undefined,
      );
      assert.deepEqual([await tagsOf(runId), await patchOf(runId)], [tags, first]);

      // Where the same one stood already, undoing it takes nothing away.
      const other = await run();
      write(folder, 'train.py', 'print("one")\n');
      await tagRuns(harness, [runId, other]);
      await until('the patch to be withdrawn', async () =>
        (await placesOf(other)).length === 1 && (await leftOf(other)) === withdrawn ? true : undefined,
      );
      assert.equal((await tagsOf(other))[patchTag], undefined);
      assert.deepEqual([await tagsOf(runId), await patchOf(runId)], [tags, first]);
      // Without a patch a later tagging takes the old one's tag away: it belongs to other changes.
      person.answer = answering([], 'Tag Anyway');
      await tagRuns(harness, [runId]);
      assert.equal((await tagsOf(runId))[patchTag], undefined);
      assert.equal(bare[patchTag], undefined);
    });

    it('of older versions, which had one name for all, are brought back by undo', async () => {
      const runId = await run();
      const old = 'flowdeck/uncommitted.patch';
      await harness.store.uploadArtifact(runId, old, Buffer.from('diff of a colleague\n'));
      await harness.store.logBatch(runId, { tags: { [patchTag]: old, [key('commit')]: head } });
      write(folder, 'train.py', 'print("mine")\n');
      person.answer = answering([], 'Tag with Patch…');
      await tagRuns(harness, [runId]);
      assert.match((await patchOf(runId)).toString(), /\+print\("mine"\)/);
      assert.equal((await patchOf(runId, old)).toString(), 'diff of a colleague\n');
      person.answer = answering([], 'Tag with Patch…', 'Undo');
      await harness.store.logBatch(runId, { tags: { [patchTag]: old } });
      await tagRuns(harness, [runId]);
      await until('the former tag', async () => ((await placeOf(runId)) === old ? true : undefined));
      assert.equal((await patchOf(runId)).toString(), 'diff of a colleague\n');
    });

    it('withdraws the patches of the others where one cannot be, and says which is left', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      const runIds = [await run(), await run(), await run()];
      const [stuck = '', ...others] = runIds;
      const { uploadArtifact } = harness.store;
      const failing: typeof uploadArtifact = (runId, to, content, signal) =>
        runId === stuck && content.length < 100
          ? Promise.reject(new MlflowError('server', 'The disk is full.'))
          : uploadArtifact(runId, to, content, signal);
      Object.assign(harness.store, { uploadArtifact: failing });
      try {
        person.answer = answering([], 'Tag with Patch…', 'Undo');
        await tagRuns(harness, runIds);
        const told = await until('what is left', () => {
          const { message = '' } = person.asked.at(-1) ?? {};
          return message.startsWith('The patches of these runs') ? message : undefined;
        });
        const { name: left } = await harness.store.getRun(stuck);
        assert.equal(told, `The patches of these runs are still on the server: ${left} (The disk is full.)`);
      } finally {
        Object.assign(harness.store, { uploadArtifact });
      }
      for (const runId of runIds) assert.equal((await tagsOf(runId))[patchTag], undefined);
      for (const runId of others) assert.equal(await leftOf(runId), withdrawn);
    });

    it('says how many untracked files are not offered, and names them in the patch as left out', async () => {
      for (let at = 0; at < 2_003; at++) write(folder, `many/${String(at).padStart(4, '0')}.txt`, '');
      write(folder, 'train.py', 'print("dirty")\n');
      const runId = await run();
      person.answer = answering(['many/0000.txt'], 'Tag with Patch…');
      await tagRuns(harness, [runId]);
      const offered = person.asked.find(({ message }) => message.startsWith('Tick those'));
      assert.equal(offered?.choices.length, 2_000);
      assert.match(offered?.message ?? '', /the others, and 3 that are not listed, are only named$/);
      assert.match((await patchOf(runId)).toString(), /# {3}"many\/0001\.txt"\n[\s\S]*# {3}and 1802 more\n/);
    });

    it('shows what looks like a secret, masked, before anything is stored, and the person decides', async () => {
      write(folder, 'train.py', `print("first")\nkey = "${awsKey}"\n`);
      write(folder, 'blob.bin', Buffer.from([0, 1, 2]));
      const runId = await run();
      person.answer = answering(['blob.bin'], 'Tag with Patch…');
      await tagRuns(harness, [runId]);
      const question = person.asked.at(-1);
      assert.match(question?.message ?? '', /looks like a secret/);
      assert.match(question?.detail ?? '', /train\.py:2 {2}AWS access key {2}AKIA… \(20\)/);
      assert.match(question?.detail ?? '', /Binary files, not searched:\n {2}blob\.bin/);
      assert.ok(!JSON.stringify(person.asked).includes(awsKey));
      assert.deepEqual(question?.choices, ['Review the Patch', 'Tag without Patch', 'Store the Patch']);
      assert.equal((await tagsOf(runId))[key('commit')], undefined);
      assert.deepEqual((await harness.store.listArtifacts(runId)).files, []);

      person.answer = answering(['blob.bin'], 'Tag with Patch…', 'Tag without Patch');
      await tagRuns(harness, [runId]);
      assert.deepEqual([(await tagsOf(runId))[key('dirty')], (await tagsOf(runId))[patchTag]], ['true', undefined]);
      assert.deepEqual((await harness.store.listArtifacts(runId)).files, []);

      person.answer = (asked) =>
        asked.choices.includes('Review the Patch')
          ? 'Review the Patch'
          : answering(['blob.bin'], 'Tag with Patch…', 'Store the Patch')(asked);
      await tagRuns(harness, [runId]);
      assert.equal(vscode.window.activeTextEditor?.document.languageId, 'diff');
      assert.match((await patchOf(runId)).toString('latin1'), new RegExp(awsKey));
    });

    it('asks about a patch beyond the limit and about one that is empty', async () => {
      const limit = (value: number | undefined) =>
        vscode.workspace
          .getConfiguration('flowdeck')
          .update('source.patchMaxKilobytes', value, vscode.ConfigurationTarget.Workspace);
      const runId = await run();
      write(folder, 'train.py', 'x = 1\n'.repeat(500));
      await limit(1);
      try {
        person.answer = answering([], 'Tag with Patch…', 'Tag without Patch');
        await tagRuns(harness, [runId]);
        const question = person.asked.find(({ message }) => message.startsWith('The patch has'));
        assert.match(question?.message ?? '', /The patch has 4 kB, more than the 1 kB allowed/);
        assert.deepEqual(question?.choices, ['Tag without Patch', 'Change the Limit…']);
        assert.equal((await tagsOf(runId))[key('commit')], head);
      } finally {
        await limit(undefined);
      }
      git(folder, 'checkout', '-q', '-f', 'main');
      write(folder, 'only untracked.txt', 'x');
      const other = await run();
      person.answer = answering([], 'Tag with Patch…');
      await tagRuns(harness, [other]);
      assert.match(person.asked.at(-1)?.message ?? '', /The patch is empty/);
      assert.equal((await tagsOf(other))[key('commit')], undefined);
    });

    it('says what failed when the server takes no artifacts or refuses to write, and leaves no tag', async () => {
      const refusing = http.createServer((request, response) => {
        const refused = /upload-artifact|log-batch/.exec(request.url ?? '')?.[0];
        if (refused === wanted) {
          request.resume();
          response.writeHead(refused === 'log-batch' ? 403 : 503, { 'content-type': 'text/plain' });
          response.end(
            refused === 'log-batch'
              ? 'Permission denied'
              : 'Endpoint: upload-artifact disabled due to the mlflow server running without `--serve-artifacts`.',
          );
          return;
        }
        const passed = http.request(
          new URL(request.url ?? '/', server.uri),
          { method: request.method ?? 'GET', headers: request.headers },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        );
        request.pipe(passed);
      });
      let wanted = 'upload-artifact';
      await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
      const { port } = refusing.address() as AddressInfo;
      const behind = await sourceHarness(`http://127.0.0.1:${port}`);
      try {
        const runId = await run();
        write(folder, 'train.py', 'print("dirty")\n');
        person.answer = answering([], 'Tag with Patch…');
        await tagRuns(behind, [runId]);
        assert.match(
          person.asked.at(-1)?.message ?? '',
          /^The patch could not be stored: Endpoint: upload-artifact disabled/,
        );
        assert.match(person.asked.at(-1)?.detail ?? '', /^http.*\n.*ask its owner, or tag without the patch/);
        assert.equal((await tagsOf(runId))[key('commit')], undefined);

        wanted = 'log-batch';
        const refusal: unknown = await tagRuns(behind, [runId]).catch((error: unknown) => error);
        assert.ok(refusal instanceof MlflowError && refusal.kind === 'forbidden');
        assert.match(
          describeFailure('tag the run', refusal).message,
          /Permission denied\. Ask the owner of the server/,
        );
        assert.equal(await leftOf(runId), withdrawn);
        assert.equal((await tagsOf(runId))[patchTag], undefined);
      } finally {
        behind.dispose();
        refusing.closeAllConnections();
        refusing.close();
      }
    });

    it('says of which submodules a patch holds the commit alone', async () => {
      const vendor = path.join(folder, 'vendor');
      const library = makeRepository(clone);
      commit(library, 'Library', { 'lib.py': '1\n' });
      git(folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
      commit(folder, 'Vendor', {});
      write(vendor, 'lib.py', 'edited\n');
      const runId = await run();
      person.answer = answering([], 'Tag with Patch…', 'Tag without Patch');
      await tagRuns(harness, [runId]);
      const modal = person.asked.filter((asked) => asked.modal);
      assert.match(modal[0]?.detail ?? '', /Of submodules it holds the commit, not what is changed inside: vendor$/);
      assert.match(modal[1]?.message ?? '', /^The patch is empty: the changes are inside submodules \(vendor\)/);
      const tags = await tagsOf(runId);
      assert.deepEqual([tags[key('dirty')], tags[patchTag]], ['true', undefined]);

      write(folder, 'train.py', 'print("dirty")\n');
      const other = await run();
      await tagRuns(harness, [other]);
      assert.match(
        (await patchOf(other)).toString(),
        /^# Changes beyond [\s\S]*\n# Submodules of which only the commit is in it, not what was changed inside:\n# {3}"vendor"\n\ndiff /,
      );
      git(vendor, 'checkout', '-q', '.');
    });
  });
