import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { openedRepository, parseGitUri } from '../../src/source/gitDocuments';
import { WorkspaceRepositories } from '../../src/source/workspaceRepositories';
import { becomes } from '../support/eventually';
import { until } from '../support/processTree';
import { git, LaunchLab, labFiles } from './launchLab';

const mlproject = `${labFiles.MLproject}  fails:
    parameters: {n: {type: string, default: "0"}}
    command: "python fails.py {n}"
  tells:
    parameters: {n: {type: string, default: "0"}}
    command: "python tells.py {n}"
  unparsed:
    command: "python unparsed.py"
`;

describe('the problems of launches', function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('troubled');
    lab.write({
      MLproject: mlproject,
      'fails.py':
        'import sys\n\nif int(sys.argv[1]):\n    raise ValueError("odd" if int(sys.argv[1]) % 2 else "even")\n',
      'tells.py':
        'import time, traceback\ntry:\n    open("nothing")\nexcept OSError:\n    traceback.print_exc()\nimport forever\n',
      'unparsed.py': 'import sys\n\nx = = 1\n',
    });
    lab.commit('troubles');
  });
  after(() => lab?.close());

  const file = (name: string) => vscode.Uri.file(path.join(lab.folder, name));
  const messages = (uri: vscode.Uri) =>
    vscode.languages
      .getDiagnostics(uri)
      .map(({ message }) => message)
      .sort();
  const sweep = (n: string) => ({
    sweep: { method: 'grid' as const, samples: 1, seed: 1, parallel: 2, values: new Map([['n', n]]) },
  });

  it('are those of all runs of a sweep, each once, until the next sweep', async () => {
    await lab.run(lab.request('fails', {}, sweep('1..4')));
    assert.deepEqual(messages(file('fails.py')), ['ValueError: even', 'ValueError: odd']);
    await lab.run(lab.request('fails', {}, sweep('0')));
    assert.deepEqual(messages(file('fails.py')), []);
  });

  it('stay while their program runs, whatever else is launched of the same entry point', async () => {
    const one = await lab.start(lab.request('tells', { n: '1' }));
    await until(
      () => messages(file('tells.py')).length === 1,
      () => `nothing was told: ${lab.reported}`,
      90_000,
    );
    const started = () => fs.readdirSync(lab.folder).filter((name) => name.endsWith('.started')).length;
    await until(
      () => started() === 1,
      () => 'the first does not run',
    );
    const other = await lab.start(lab.request('tells', { n: '2' }));
    await until(
      () => started() === 2,
      () => `the second does not run: ${lab.reported}`,
      90_000,
    );
    // What a program has written is heard of a moment later.
    await becomes(() => messages(file('tells.py')).length, 2, 'each has its own');
    for (const execution of vscode.tasks.taskExecutions) if (/^tells/.test(execution.task.name)) execution.terminate();
    await Promise.all([one.ended, other.ended]);
  });

  it('name the script that cannot be parsed', async () => {
    await lab.run(lab.request('unparsed'));
    const [problem] = vscode.languages.getDiagnostics(file('unparsed.py'));
    assert.deepEqual([problem?.message, problem?.range.start.line], ['SyntaxError: invalid syntax', 2]);
  });

  /** Where the problem is that says so, and where its frames are. */
  const placed = (message: RegExp) => {
    for (const [uri, problems] of vscode.languages.getDiagnostics()) {
      const problem = problems.find((one) => message.test(one.message));
      if (problem) return { uri, frames: (problem.relatedInformation ?? []).map(({ location }) => location.uri) };
    }
    assert.fail(`no problem says ${message}`);
  };
  const read = async (uri: vscode.Uri) => {
    const address = parseGitUri(uri);
    assert.ok(address, uri.toString());
    const copies = path.join(lab.storage, 'projects', 'repositories');
    const repositories = new WorkspaceRepositories([], lab.platform.log, copies);
    // Those of the open folder are found by it, and this one is inside of one.
    Object.assign(repositories, {
      find: async () => (await import('../../src/git/findRepositories')).findRepositories([lab.folder]),
    });
    const repository = await openedRepository(repositories, address.repository);
    return (await repository.readFile(address.commit, address.file)).toString();
  };

  it('of another version lead to its files at the commit, and to the open ones where they are the same', async () => {
    git(lab.folder, 'branch', 'old');
    const inner = labFiles['inner.py'] ?? '';
    lab.write({ 'inner.py': `# changed\n${inner}` });
    lab.commit('another inner');
    await lab.run(lab.request('breaks', {}, { version: 'old' }));
    assert.deepEqual(lab.worktrees(), []);
    const { uri, frames } = placed(/^ValueError: no such thing/);
    assert.equal(uri.scheme, 'flowdeck-git');
    assert.equal(path.basename(uri.path), 'inner.py');
    assert.equal(await read(uri), inner);
    assert.deepEqual(
      frames.map(({ scheme, path: place }) => [scheme, path.basename(place)]),
      [
        ['flowdeck-git', 'inner.py'],
        ['file', 'breaks.py'],
      ],
    );
    assert.equal(frames[1]?.fsPath, path.join(fs.realpathSync(lab.folder), 'breaks.py'));
  });

  it('of a repository lead to its files in the copy that was made of it', async () => {
    await lab.run(lab.request('breaks', {}, { repository: `file://${lab.folder}`, project: '', version: 'old' }));
    const places = vscode.languages.getDiagnostics().flatMap(([uri, found]) => (found.length > 0 ? [uri] : []));
    const uri = places.find(({ scheme, query }) => scheme === 'flowdeck-git' && query.includes('repositories'));
    assert.ok(uri, places.join());
    assert.equal(await read(uri), labFiles['inner.py']);
    const other = new WorkspaceRepositories([], lab.platform.log, path.join(lab.storage, 'projects', 'repositories'));
    const above = path.join(lab.storage, 'projects', 'repositories', '..', 'worktrees');
    await assert.rejects(openedRepository(other, above), /not among the open folders/);
  });
});
