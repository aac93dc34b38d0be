import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import { type Ground, openScene } from './support/scene';
import type { Workbench } from './support/workbench';

const httpOptions = { headersTimeoutMs: 60_000, retries: 0, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };

function git(folder: string, ...args: string[]): string {
  const own = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...own, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(folder: string, subject: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', subject);
  return git(folder, 'rev-parse', 'HEAD');
}

describe('from a run to its code in a shallow clone and in a submodule', () => {
  let workbench: Workbench;
  let shallow = '';
  let url = '';
  const ids = { deep: '', pinned: '', library: '' };

  openScene(
    {
      folder: 'empty',
      fill: async (ground) => {
        makeRepositories(ground);
        await makeRuns(ground);
      },
    },
    async (scene) => {
      ({ workbench } = scene);
      await (await (await workbench.openView('Experiments')).find(/^places/)).expand();
    },
  );

  function repository(folder: string): string {
    mkdirSync(folder);
    git(folder, 'init', '-q', '-b', 'main');
    return folder;
  }

  /** A clone of depth one, and a repository with a submodule that has moved on since. */
  function makeRepositories({ folder, atEnd }: Ground): void {
    const elsewhere = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-origins-')));
    atEnd(() => rmSync(elsewhere, { recursive: true, force: true, maxRetries: 3 }));
    const origin = repository(path.join(elsewhere, 'origin'));
    ids.deep = commit(origin, 'The deep one', { 'train.py': 'print("deep")\n' });
    commit(origin, 'The top', { 'train.py': 'print("top")\n' });
    shallow = path.join(folder, 'shallow');
    url = pathToFileURL(origin).href;
    git(folder, 'clone', '-q', '--depth=1', url, shallow);
    const library = repository(path.join(elsewhere, 'library'));
    ids.library = commit(library, 'A net', { 'net.py': 'layers = 2\n' });
    const later = commit(library, 'A deeper net', { 'net.py': 'layers = 3\n' });
    const around = repository(path.join(folder, 'around'));
    git(around, 'submodule', 'add', '-q', library, 'vendor');
    git(path.join(around, 'vendor'), 'checkout', '-q', ids.library);
    ids.pinned = commit(around, 'Take the net', { 'main.py': 'print("main")\n' });
    git(path.join(around, 'vendor'), 'checkout', '-q', later);
    commit(around, 'Take the deeper net', { 'main.py': 'print("later")\n' });
  }

  async function makeRuns({ server: { uri }, folder }: Ground): Promise<void> {
    const store = createRestTrackingStore({ ...httpOptions, baseUrl: uri });
    const experimentId = await store.createExperiment('places');
    for (const [name, id, file] of [
      ['deep', ids.deep, path.join(shallow, 'train.py')],
      ['around', ids.pinned, path.join(folder, 'around', 'main.py')],
      ['inside', ids.library, path.join(folder, 'around', 'vendor', 'net.py')],
    ] as const) {
      const tags = {
        'mlflow.source.git.commit': id,
        'mlflow.source.name': file,
        'mlflow.source.type': 'LOCAL',
        'mlflow.source.git.dirty': 'false',
        // The submodule has a remote too, and is not asked for what it cannot have.
        ...(name === 'deep' ? { 'mlflow.source.git.repoURL': url } : {}),
      };
      const { runId } = await store.createRun({ experimentId, name, tags });
      await store.updateRun(runId, { status: 'FINISHED' });
    }
    store.dispose();
  }

  afterEach(async () => {
    await workbench.runCommand('View: Close All Editors');
  });

  const menu = async (name: RegExp, item: string) =>
    (await (await workbench.openView('Experiments')).find(name)).contextMenu(item);
  const text = (words: string) =>
    workbench.page.locator('.editor-instance .view-line').filter({ hasText: words }).first();

  it('fetches what a shallow clone lacks, and shows the commit and the file as it was', async () => {
    await menu(/^deep/, 'Show Commit');
    const missing = workbench.notification(new RegExp(`Commit ${ids.deep.slice(0, 7)} of run deep is in none of`));
    await missing.waitFor();
    await workbench.screenshot('code-shallow-missing');
    await missing.getByRole('button', { name: 'Fetch' }).click();
    await workbench.tab(`Commit ${ids.deep.slice(0, 7)}`).waitFor();
    await text('The deep one').waitFor();
    await menu(/^deep/, 'Open Source at Commit');
    await text('print("deep")').waitFor();
    await workbench.screenshot('code-shallow-source');
    assert.equal(git(shallow, 'rev-parse', '--is-shallow-repository'), 'true');
  });

  it('shows the commit of a repository with a submodule, and goes into it', async () => {
    await menu(/^around/, 'Show Commit');
    await workbench.tab(`Commit ${ids.pinned.slice(0, 7)}`).waitFor();
    await text('Take the net').waitFor();
    await text('vendor').waitFor();
    await menu(/^around/, 'Open Source at Commit');
    await text('print("main")').waitFor();
    await menu(/^around/, 'Compare Code with Working Tree');
    const line = (words: string) =>
      workbench.page.locator('.multiDiffEntry .view-line').filter({ hasText: words }).first();
    await line('layers = 2').waitFor();
    await line('layers = 3').waitFor();
    await workbench.screenshot('code-submodule-compared');
  });

  it('takes the submodule for the repository of a run that was made in it', async () => {
    await menu(/^inside/, 'Show Commit');
    await workbench.tab(`Commit ${ids.library.slice(0, 7)}`).waitFor();
    await text('A net').waitFor();
    await menu(/^inside/, 'Open Source at Commit');
    await text('layers = 2').waitFor();
    await workbench.screenshot('code-submodule-source');
  });
});
