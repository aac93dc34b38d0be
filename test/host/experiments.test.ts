import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { buildExperiments } from '../../src/experiments/experiments';
import type { ExperimentsNode } from '../../src/experiments/experimentsTree';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { CommandTable, configure, connectionsOf, newSession, Script, type Shown } from './connectionsHarness';
import { generations } from './generations';

const hostile = '<img src=x onerror=alert(1)>';

const fill = `
import json, time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
now = int(time.time() * 1000) - 3600_000
digits = client.create_experiment('team/digits')
client.create_experiment(${JSON.stringify(hostile)})
client.delete_experiment(client.create_experiment('old'))
def run(experiment, name, at, parent=None, **metrics):
    tags = {'mlflow.parentRunId': parent} if parent else {}
    run_id = client.create_run(experiment, start_time=now + at * 1000, run_name=name, tags=tags).info.run_id
    for key, value in metrics.items():
        client.log_metric(run_id, key, value)
    client.set_terminated(run_id)
    return run_id
parent = run(digits, 'sweep', 0)
ids = {'digits': digits, 'sweep': parent}
for index, loss in enumerate([0.3, 0.1, 0.2]):
    ids[f'child {index}'] = run(digits, f'child {index}', index + 1, parent, loss=loss)
ids['single'] = run(digits, 'single', 9, loss=0.15)
many = ids['many'] = client.create_experiment('many')
ids['first'] = run(many, 'run 0', 0)
for index in range(1, 25):
    run(many, f'run {index}', index)
wide = client.create_run(client.create_experiment('wide'), run_name='wide').info.run_id
for at in range(0, 12000, 1000):
    client.log_batch(wide, metrics=[Metric(f'layer/{index}/norm', index, now, 0) for index in range(at, at + 1000)])
print(json.dumps({**ids, 'wide': wide}))
`;

interface Row {
  readonly node: ExperimentsNode;
  readonly item: vscode.TreeItem;
  readonly label: string;
}

for (const version of generations) {
  describe(`the Experiments view on ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let ids: Record<string, string>;
    let session: ReturnType<typeof newSession>['session'];
    let commands: CommandTable;
    let parts: ReturnType<typeof buildExperiments>;

    before(async () => {
      // The view belongs to who registered it last.
      await vscode.extensions.getExtension('flowdeck.flowdeck')?.activate();
      server = await startMlflowServer(version);
      // The official client of 3.x prints links of its own.
      ids = JSON.parse((await server.python(fill)).trim().split('\n').at(-1) ?? '');
      await configure('trackingUri', server.uri);
      await configure('runs.pageSize', 10);
      session = newSession().session;
      commands = new CommandTable(session.platform);
      parts = buildExperiments(commands.platform, connectionsOf(session));
    });

    after(async () => {
      for (const item of session?.platform.context.subscriptions ?? []) item.dispose();
      session?.dispose();
      for (const key of ['trackingUri', 'runs.pageSize', 'refresh.intervalSeconds']) await configure(key, undefined);
      await server?.dispose();
    });

    const rows = async (node?: ExperimentsNode): Promise<Row[]> =>
      (await parts.tree.getChildren(node)).map((child) => {
        const item = parts.tree.getTreeItem(child);
        return { node: child, item, label: typeof item.label === 'string' ? item.label : (item.label?.label ?? '') };
      });
    const labels = async (node?: ExperimentsNode) => (await rows(node)).map(({ label }) => label);
    const named = async (label: string, node?: ExperimentsNode): Promise<Row> => {
      const found = (await rows(node)).find((row) => row.label === label);
      assert.ok(found, `${label} is not among ${await labels(node)}`);
      return found;
    };
    const digits = async () => named('digits', (await named('team')).node);
    /** Runs a command while somebody answers, and gives what was shown. */
    const answering = async (answer: (shown: Shown) => string | undefined, id: string, ...args: unknown[]) => {
      const script = new Script(answer);
      try {
        await commands.run(id, ...args);
        await sleep(20);
        return script;
      } finally {
        script.restore();
      }
    };
    const python = (code: string, ...args: string[]) =>
      server.python(`import sys\nfrom mlflow import MlflowClient\nclient = MlflowClient()\n${code}`, ...args);
    const eventually = async (check: () => Promise<boolean> | boolean, what: string) => {
      for (const end = Date.now() + 20_000; !(await check()); await sleep(100))
        assert.ok(Date.now() < end, `never: ${what}`);
    };

    it('shows experiments in folders, newest first, texts as they are, without deleted ones', async () => {
      const shown = await labels();
      assert.deepEqual(shown, ['wide', 'many', hostile, 'team', 'Default']);
      await configure('experiments.folderSeparator', '');
      assert.ok((await labels()).includes('team/digits'));
      await configure('experiments.folderSeparator', undefined);
      const { item, node } = await named(hostile);
      const { tooltip } = await parts.tree.resolveTreeItem(item, node);
      assert.ok(tooltip instanceof vscode.MarkdownString && !tooltip.supportHtml && !tooltip.isTrusted);
    });

    it('orders by name when asked, and shows deleted ones when asked', async () => {
      await answering(
        ({ choices }) => choices.find((choice) => choice.includes('By name')),
        'flowdeck.experiments.order',
      );
      assert.deepEqual(await labels(), ['team', hostile, 'Default', 'many', 'wide']);
      await answering(({ choices }) => choices[0], 'flowdeck.experiments.order');
      await commands.run('flowdeck.experiments.showDeleted');
      assert.equal((await named('old')).item.description, 'deleted');
      await commands.run('flowdeck.experiments.hideDeleted');
      assert.ok(!(await labels()).includes('old'));
    });

    it('keeps child runs under their parent whatever the sort', async () => {
      const { node } = await digits();
      assert.deepEqual(await labels(node), ['single', 'sweep']);
      assert.deepEqual(await labels((await named('sweep', node)).node), ['child 2', 'child 1', 'child 0']);
      await answering(({ choices }) => choices.find((choice) => choice === 'loss ↑'), 'flowdeck.runs.sort');
      assert.equal(parts.view.description, 'loss ↑');
      assert.deepEqual(
        await labels(node),
        ['single', 'sweep'],
        'a parent without the metric sorts last, as on the server',
      );
      assert.deepEqual(await labels((await named('sweep', node)).node), ['child 1', 'child 2', 'child 0']);
      await answering(({ choices }) => choices.find((choice) => choice === 'newest first'), 'flowdeck.runs.sort');
    });

    it('lets the server judge a filter, and greys a parent that does not match it', async () => {
      const { node } = await digits();
      let complaint = '';
      await answering((shown) => {
        complaint = shown.choices[0] ?? '';
        return undefined;
      }, 'flowdeck.runs.filter');
      assert.equal(complaint, 'All runs');
      parts.store.setQuery({ filter: 'metrics.loss < 0.12' });
      const sweep = await named('sweep', node);
      assert.deepEqual(await labels(node), ['sweep']);
      assert.match(String(sweep.item.description), /does not match the filter/);
      assert.equal(sweep.item.resourceUri?.scheme, 'flowdeck-grey');
      assert.deepEqual(await labels(sweep.node), ['child 1']);
      parts.store.setQuery({ filter: 'metrics.loss < 0' });
      assert.deepEqual(await labels(node), ['No runs match the filter']);
      assert.equal(parts.view.description, 'metrics.loss < 0');
      parts.store.setQuery({ filter: 'loss << 1' });
      const [problem] = await rows(node);
      assert.equal(problem?.item.contextValue, 'problem');
      await commands.run('flowdeck.runs.clearFilter');
      assert.deepEqual(await labels(node), ['single', 'sweep']);
    });

    it('loads a page at a time and says how many there are', async () => {
      const { node } = await named('many');
      assert.equal((await labels(node)).length, 11);
      await eventually(async () => (await labels(node)).at(-1) === 'Load more (10 of 25)', 'the number of runs');
      const more = (await rows(node)).at(-1);
      await commands.run('flowdeck.runs.loadMore', ...(more?.item.command?.arguments ?? []));
      assert.deepEqual([(await labels(node)).length, (await labels(node)).at(-1)], [21, 'Load more (20 of 25)']);
      await commands.run('flowdeck.runs.loadMore', more?.node);
      assert.deepEqual(
        await labels(node),
        Array.from({ length: 25 }, (_, at) => `run ${24 - at}`),
      );
      parts.store.refresh();
      assert.equal((await labels(node)).length, 25, 'a refresh keeps what was loaded');
    });

    it('shows the chosen metric, the status and a bounded tooltip, also of 12,000 metrics', async () => {
      const { node } = await named('wide');
      const { node: run } = await named('wide', node);
      await answering(
        ({ choices }) => choices.find((choice) => choice === 'layer/11999/norm'),
        'flowdeck.runs.chooseMetric',
      );
      const { item } = await named('wide', node);
      assert.match(String(item.description), /^11,999 · /);
      const resolved = await parts.tree.resolveTreeItem(item, run);
      assert.ok(resolved.tooltip instanceof vscode.MarkdownString);
      assert.ok(resolved.tooltip.value.length < 5000, `${resolved.tooltip.value.length} characters`);
      assert.ok(resolved.tooltip.value.includes('more'));
      assert.equal(parts.view.description, 'layer/11999/norm');
    });

    it('reveals a run that was not loaded, and selects it', async () => {
      parts.store.setQuery({});
      await parts.service.reveal(ids.first ?? '');
      assert.equal(parts.service.selectedRunId, ids.first);
      await eventually(
        () => parts.view.selection.some((node) => node.kind === 'run' && node.runId === ids.first),
        'selected',
      );
      await parts.service.reveal(ids['child 1'] ?? '');
      await eventually(
        () => parts.view.selection.some((node) => node.kind === 'run' && node.runId === ids['child 1']),
        'the child selected',
      );
    });

    it('renames, tags, deletes and restores, each read back by the official client and undone', async () => {
      const id = ids.single ?? '';
      const get = async () =>
        JSON.parse(
          await python(
            `import json\nrun = client.get_run(sys.argv[1])\nprint(json.dumps([run.info.run_name, run.data.tags.get('stage'), run.info.lifecycle_stage]))`,
            id,
          ),
        );
      await answering(({ kind }) => (kind === 'warning' ? 'Delete' : undefined), 'flowdeck.runs.delete', id);
      assert.deepEqual(await get(), ['single', null, 'deleted']);
      await eventually(async () => !(await labels((await digits()).node)).includes('single'), 'gone from the tree');
      await commands.run('flowdeck.runs.restore', id);
      assert.deepEqual(await get(), ['single', null, 'active']);
      await eventually(async () => (await labels((await digits()).node)).includes('single'), 'back in the tree');
      const deletion = await answering(
        ({ kind }) => (kind === 'warning' ? 'Delete' : kind === 'information' ? 'Undo' : undefined),
        'flowdeck.runs.delete',
        id,
      );
      assert.match(deletion.texts('warning')[0] ?? '', new RegExp(`"single" on ${server.uri}`));
      await eventually(async () => (await get())[2] === 'active', 'the deletion undone');
      const window = vscode.window as { showInputBox: unknown };
      const real = window.showInputBox;
      const answers = ['named anew', 'stage', 'production'];
      window.showInputBox = async () => answers.shift();
      try {
        await commands.run('flowdeck.runs.rename', id);
        await answering(() => undefined, 'flowdeck.runs.setTag', id);
        assert.deepEqual(await get(), ['named anew', 'production', 'active']);
        answers.push('single', 'stage', 'test');
        await commands.run('flowdeck.runs.rename', id);
        await answering(
          ({ kind, choices }) => (kind === 'information' ? 'Undo' : choices.at(0)),
          'flowdeck.runs.setTag',
          id,
        );
        await eventually(async () => (await get())[1] === 'production', 'the tag brought back');
      } finally {
        window.showInputBox = real;
      }
    });

    it('undoes a tag where nobody changed it since, and says where somebody did', async () => {
      const runIds = [ids['child 0'] ?? '', ids['child 1'] ?? ''];
      const tags = async () =>
        JSON.parse(
          await python(
            `import json\nprint(json.dumps([client.get_run(id).data.tags.get('team') for id in sys.argv[1:]]))`,
            ...runIds,
          ),
        );
      const window = vscode.window as {
        showInputBox: unknown;
        showInformationMessage: unknown;
        showWarningMessage: unknown;
      };
      const { showInputBox, showInformationMessage, showWarningMessage } = window;
      const answers = ['team', 'vision'];
      const warnings: string[] = [];
      let press: (button: string) => void = () => undefined;
      const pressed = new Promise<string>((resolve) => {
        press = resolve;
      });
      window.showInputBox = async () => answers.shift();
      window.showInformationMessage = () => pressed;
      window.showWarningMessage = async (text: string) => void warnings.push(text);
      try {
        const rows = runIds.map((runId) => ({ runId }));
        await commands.run('flowdeck.runs.setTag', rows[0], rows);
        assert.deepEqual(await tags(), ['vision', 'vision']);
        await python(`client.set_tag(sys.argv[1], 'team', 'audio')`, runIds[1] ?? '');
        press('Undo');
        await eventually(() => warnings.length > 0, 'said');
        assert.deepEqual(await tags(), [null, 'audio']);
        assert.match(warnings.join(), /^"team" of the run "child 1" was changed by somebody else since/);
      } finally {
        Object.assign(window, { showInputBox, showInformationMessage, showWarningMessage });
      }
    });

    it('creates, renames and deletes experiments; a name that is taken is said', async () => {
      const window = vscode.window as { showInputBox: unknown };
      const real = window.showInputBox;
      const prompts: string[] = [];
      const answers: (string | undefined)[] = ['many', 'team/new', 'team/newer'];
      window.showInputBox = async ({ prompt }: vscode.InputBoxOptions) => {
        prompts.push(prompt ?? '');
        return answers.shift();
      };
      try {
        await commands.run('flowdeck.experiments.create');
        assert.match(prompts[1] ?? '', /is an experiment of this name/);
        const row = await named('new', (await named('team')).node);
        await commands.run('flowdeck.experiments.rename', row.node);
        const renamed = await named('newer', (await named('team')).node);
        const stage = () =>
          python(`print(client.get_experiment_by_name('team/newer').lifecycle_stage)`).then((text) => text.trim());
        await answering(
          ({ kind }) => (kind === 'warning' ? 'Delete' : undefined),
          'flowdeck.experiments.delete',
          renamed.node,
        );
        assert.equal(await stage(), 'deleted');
        await commands.run('flowdeck.experiments.restore', renamed.node);
        assert.equal(await stage(), 'active');
      } finally {
        window.showInputBox = real;
      }
    });

    it('restores from the palette what is deleted, and offers nothing else', async () => {
      const single = ids.single ?? '';
      await answering(({ kind }) => (kind === 'warning' ? 'Delete' : undefined), 'flowdeck.runs.delete', single);
      const runs = await answering(
        ({ choices }) => choices.find((choice) => choice === 'team/digits' || choice === 'single'),
        'flowdeck.runs.restore',
      );
      assert.deepEqual(runs.shown.at(-1)?.choices, ['single']);
      const restored = await python(`print(client.get_run(sys.argv[1]).info.lifecycle_stage)`, single);
      assert.equal(restored.trim(), 'active');
      await eventually(async () => (await labels((await digits()).node)).includes('single'), 'back in the tree');
      const stage = () => python(`print(client.get_experiment_by_name('old').lifecycle_stage)`);
      const experiments = await answering(({ choices }) => choices[0], 'flowdeck.experiments.restore');
      assert.deepEqual(experiments.shown[0]?.choices, ['old']);
      assert.equal((await stage()).trim(), 'active');
      const old = await named('old');
      await answering(
        ({ kind }) => (kind === 'warning' ? 'Delete' : undefined),
        'flowdeck.experiments.delete',
        old.node,
      );
      assert.equal((await stage()).trim(), 'deleted');
    });

    it('copies ids, names and links of one and of several', async () => {
      const { node } = await digits();
      const runs = (await rows(node)).map((row) => row.node);
      await commands.run('flowdeck.runs.copyName', runs[0], runs);
      assert.equal(await vscode.env.clipboard.readText(), 'single\nsweep');
      await commands.run('flowdeck.runs.copyLink', runs[1]);
      assert.equal(
        await vscode.env.clipboard.readText(),
        `${server.uri}/#/experiments/${ids.digits}/runs/${ids.sweep}`,
      );
      await commands.run('flowdeck.experiments.copyId', node);
      assert.equal(await vscode.env.clipboard.readText(), ids.digits);
    });

    it('notices new points of running runs and new runs by itself while it is in sight', async () => {
      const { node } = await digits();
      const created = `print(client.create_run(sys.argv[1], run_name='live').info.run_id)`;
      const runId = (await python(created, ids.digits ?? '')).trim();
      await parts.service.reveal(runId);
      await configure('refresh.intervalSeconds', 2);
      await vscode.commands.executeCommand('flowdeck.experiments.focus');
      let changes = 0;
      const listening = parts.service.onDidRunsChange(() => changes++);
      await python(`client.log_metric(sys.argv[1], 'loss', 0.5)\nclient.set_terminated(sys.argv[1])`, runId);
      await eventually(() => parts.service.cachedRun(runId)?.status === 'FINISHED', 'the end of the run');
      assert.equal(parts.service.cachedRun(runId)?.metrics.loss?.value, 0.5);
      await python(
        `client.set_terminated(client.create_run(sys.argv[1], run_name='newest').info.run_id)`,
        ids.digits ?? '',
      );
      await eventually(async () => (await labels(node)).includes('newest'), 'the new run');
      assert.ok(changes > 1);
      listening.dispose();
    });

    it('gives a run one colour, and another run another', () => {
      const [first, second] = [ids.sweep ?? '', ids.single ?? ''];
      const color = parts.service.colorOf(first);
      assert.notEqual(parts.service.colorOf(second), color);
      assert.equal(parts.service.colorOf(first), color);
    });

    it('takes the colours of a view that was made elsewhere, and tells of it', async () => {
      const [first, second] = [ids.sweep ?? '', ids.single ?? ''];
      let told = 0;
      const listening = parts.service.onDidColorsChange(() => told++);
      parts.service.adoptColors({ [first]: 9, [second]: 9, 'never seen': 4 });
      assert.deepEqual(
        [first, second, 'never seen'].map((runId) => parts.service.colorOf(runId)),
        [9, 9, 4],
      );
      await eventually(() => told > 0, 'the change');
      listening.dispose();
    });

    it('keeps what it shows when the server goes, says so, and comes back', async () => {
      const before = await labels();
      await server.stop();
      parts.store.refresh();
      const failed = await rows();
      assert.equal(failed[0]?.item.contextValue, 'problem');
      assert.deepEqual(
        failed.slice(1).map(({ label }) => label),
        before,
      );
      const port = Number(new URL(server.uri).port);
      server = await startMlflowServer(version, { folder: server.folder, port });
      await session.connector.retry();
      await commands.run('flowdeck.experiments.refresh');
      assert.deepEqual(await labels(), before);
    });
  });
}
