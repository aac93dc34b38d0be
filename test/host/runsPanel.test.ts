import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { pageHandlers } from '../../src/panels/pageHandlers';
import type { PanelContext } from '../../src/panels/panelContext';
import { intoFile, writeAll } from '../../src/panels/runs/exportRuns';
import { ExtremesReader } from '../../src/panels/runs/metricExtremes';
import { RunsQueries } from '../../src/panels/runs/runsQueries';
import { SeriesAhead } from '../../src/panels/seriesAhead';
import { SeriesData } from '../../src/panels/seriesData';
import { dialectOf } from '../../src/shared/filter/lowering';
import type { HostMethods } from '../../src/shared/protocol/protocol';
import type { RunsQuestion } from '../../src/shared/protocol/runs';
import type { Handlers } from '../../src/shared/rpc';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { configure, connectionsOf, newSession, runsOver, Script } from './connectionsHarness';
import { generations } from './generations';

const fill = `
import json
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
nasty = ['plain', '=cmd|calc', 'it\\'s "quoted", yes', 'two\\nlines\\r\\nand more', 'ünïcødé 🚀', '-1+2', '@x', ' spaces ', 'tab\\there', '-0.5', "'apostrophe"]
ids = []
for index, text in enumerate(nasty):
    run_id = client.create_run('0', run_name=text, start_time=1700000000123 + index, tags={'note': text, 'odd key/x': text}).info.run_id
    value = [float('nan'), float('inf'), float('-inf'), -0.1, 1e-300, 0.1 + 0.2][index % 6]
    client.log_batch(run_id, [Metric('loss', value, 1700000000000, 3), Metric('index', 1000 + index, 1699999999999, -1), Metric('index', index, 1700000000000, index)], [Param('text', text), Param('number', str(index / 10))])
    client.set_terminated(run_id, end_time=1700000005123 + index)
    ids.append(run_id)
print(json.dumps(ids))
`;

/** Holds an exported file against what the official client says of the same runs. */
const readBack = `
import csv, json, math, sys
from datetime import datetime
from mlflow import MlflowClient
client = MlflowClient()
file, form, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with_histories = sys.argv[4:] == ['histories']
def same(text, value):
    number = float(text)
    return math.isnan(number) and math.isnan(value) or number == value or (math.isinf(number) and abs(value) >= 1.797e308 and number * value > 0)
def finite(value):
    return value if math.isfinite(value) and abs(value) < 1.797e308 else None
def ms(iso):
    return round(datetime.fromisoformat(iso.replace('Z', '+00:00')).timestamp() * 1000)
def guarded(text):
    try:
        float(text)
        return text
    except ValueError:
        return "'" + text if text[:1] and text[0] in '=+-@\\t\\r\\n' else text
if form == 'json':
    rows = json.load(open(file, encoding='utf-8'))
    for row in rows:
        run = client.get_run(row['run_id'])
        assert row['run_name'] == run.info.run_name, row
        assert row['params'] == run.data.params, row
        assert row['tags'] == run.data.tags, row
        assert set(row['metrics']) == set(run.data.metrics)
        for key, value in run.data.metrics.items():
            assert same(row['metrics'][key]['value'], value), (row, value)
        assert row['metrics']['index']['step'] == run.data.metrics['index']
        least = finite(run.data.metrics['loss'])
        assert row['metrics']['loss'].get('min') == least if with_histories else 'min' not in row['metrics']['loss'], row
        assert row['metrics']['index'].get('max_step') == (-1 if with_histories else None), row
        assert row['start_time'] == run.info.start_time == ms(row['start_time_iso'])
        assert row['end_time'] == run.info.end_time == ms(row['end_time_iso'])
else:
    text = guarded if form == 'csvGuarded' else (lambda value: value)
    rows = list(csv.DictReader(open(file, encoding='utf-8-sig' if form == 'csvGuarded' else 'utf-8', newline='')))
    for row in rows:
        run = client.get_run(row['run_id'])
        assert row['run_name'] == text(run.info.run_name), row
        assert row['params.text'] == text(run.data.params['text']), row
        assert row['params.number'] == run.data.params['number'], row
        assert row['tags.odd key/x'] == text(run.data.tags['odd key/x']), row
        assert same(row['metrics.loss'], run.data.metrics['loss']), row
        if with_histories:
            least = finite(run.data.metrics['loss'])
            assert same(row['metrics[min].loss'], float('nan') if least is None else least), row
            assert float(row['metrics[best].index']) == 1000 + run.data.metrics['index'], row
        else:
            assert not [key for key in row if '[' in key], row
        assert ms(row['start_time']) == run.info.start_time, row
        assert float(row['duration']) == 5.0, row
assert len({row['run_id'] for row in rows}) == len(rows) == count, len(rows)
print('the same')
`;

const columns = [
  'attributes.run_name',
  'attributes.start_time',
  'attributes.duration',
  'params.text',
  'params.number',
  'metrics.loss',
  'metrics[min].loss',
  'metrics[best].index',
  'tags.odd key/x',
];
const better = { index: 'higher' };
const question = (filter: string): RunsQuestion => ({
  filter,
  showDeleted: false,
  sort: [{ column: 'attributes.start_time', descending: false }],
});
const { signal } = new AbortController();

for (const version of generations) {
  describe(`runs for a page on ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let session: ReturnType<typeof newSession>['session'];
    let handlers: Handlers<HostMethods>;
    let queries: RunsQueries;
    let folder = '';
    let ids: string[] = [];
    const reported: unknown[] = [];
    const marked: string[] = [];
    let store: PanelContext['store'];
    const realSave = vscode.window.showSaveDialog;

    before(async () => {
      server = await startMlflowServer(version);
      const output = await server.python(fill);
      ids = JSON.parse(output.slice(output.indexOf('["')));
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-export-'));
      await configure('trackingUri', server.uri);
      session = newSession().session;
      const connections = connectionsOf(session);
      const { server: facts } = await connections.require();
      store = async () => (await connections.require()).store;
      queries = new RunsQueries({
        scope: { experimentIds: ['0'] },
        store,
        dialect: () => dialectOf(facts),
        pageSize: () => 4,
        cachedRun: () => undefined,
      });
      const memory = new Map<string, unknown>();
      const workspaceState = {
        get: (key: string) => memory.get(key),
        update: async (key: string, value: unknown) => void memory.set(key, value),
      };
      const runs = {
        ...runsOver(connections, [], []),
        markChanged: (runIds: readonly string[]) => marked.push(...runIds),
      };
      const platform = {
        context: { workspaceState } as unknown as vscode.ExtensionContext,
        log: { debug: () => undefined, audit: () => undefined } as never,
        commands: { report: (_: string, error: unknown) => reported.push(error) } as never,
      };
      handlers = pageHandlers({
        services: { platform, connections, runs },
        serverUri: server.uri,
        scope: { experimentIds: ['0'] },
        queries,
        series: new SeriesData(store, () => 100),
        ahead: new SeriesAhead(() => Promise.reject(new Error('nothing is asked ahead here'))),
        answered: () => undefined,
        extremes: new ExtremesReader((runId) => queries.endOf(runId)),
        store,
        contacting: (asked) => asked(),
        open: () => Promise.reject(new Error('not here')),
        keepView: () => undefined,
        highlight: () => undefined,
        title: () => 'nasty: "runs"',
        onDispose: () => undefined,
      });
    });

    after(async () => {
      Object.assign(vscode.window, { showSaveDialog: realSave });
      await configure('trackingUri', undefined);
      session?.dispose();
      await server?.dispose();
      fs.rmSync(folder, { recursive: true, force: true });
    });

    /** As a page would: raw parameters, decoded. */
    const call = async <Name extends keyof HostMethods>(name: Name, raw: unknown) => {
      const handler = handlers[name];
      return (await handler.handle(handler.decode(raw) as never, signal)) as ReturnType<HostMethods[Name]>;
    };
    const found = async (filter: string) => {
      let page = await call('queryRuns', question(filter));
      const runIds = page.batch.runs.map(({ runId }) => runId);
      while (page.more) {
        page = await call('moreRuns', { queryId: page.queryId, all: false });
        runIds.push(...page.batch.runs.map(({ runId }) => runId));
      }
      return runIds.map((runId) => ids.indexOf(runId));
    };
    /** Answers the questions for format and file. */
    const exporting = async (label: string, file: string, work: () => Promise<unknown>, histories?: string) => {
      const script = new Script(({ kind }) => (kind === 'quickPick' ? label : histories));
      let proposed = '';
      Object.assign(vscode.window, {
        showSaveDialog: async (options?: vscode.SaveDialogOptions) => {
          proposed = path.basename(options?.defaultUri?.path ?? '');
          return vscode.Uri.file(file);
        },
      });
      try {
        await work();
      } finally {
        script.restore();
      }
      return { proposed, said: script.texts('information') };
    };

    it('finds what OR, NOT and comparisons of numbers in params say, in one order', async () => {
      assert.deepEqual(await found('params.number > 0.25 AND params.number < 0.65'), [3, 4, 5, 6]);
      assert.deepEqual(await found("NOT (params.number < 0.9) OR tags.note = 'plain'"), [0, 9, 10]);
      assert.deepEqual(await found("params.text IN ('@x', '=cmd|calc') OR CMD"), [1, 6]);
      assert.deepEqual(await found('metrics.loss < 0'), [2, 3, 8, 9]);
      assert.deepEqual(await found('start_time > now-1h'), []);
    });

    it('says where a filter goes wrong', async () => {
      await assert.rejects(found('params.number >'), { kind: 'invalid', message: /at character 16/ });
    });

    const forms = [
      ['CSV for programs', 'csv'],
      ['CSV for spreadsheets', 'csvGuarded'],
      ['JSON', 'json'],
    ] as const;

    for (const [label, form] of forms)
      it(`exports all runs as ${label}, which Python reads back as they are`, async () => {
        const file = path.join(folder, `all-${form}`);
        const { proposed, said } = await exporting(label, file, () =>
          call('exportAll', { question: question(''), columns, better, expected: ids.length }),
        );
        assert.equal(proposed, `nasty- -runs-.${form === 'json' ? 'json' : 'csv'}`);
        assert.match(said[0] ?? '', /^Exported 11 runs to .*\.$/);
        assert.match(await server.python(readBack, file, form, String(ids.length), 'histories'), /the same/);
      });

    it('asks before it reads very many histories, and leaves them out when told to', async () => {
      const file = path.join(folder, 'many');
      const many = { question: question(''), columns, better, expected: 1_001 };
      const left = await exporting('CSV for programs', file, () => call('exportAll', many), 'Leave Them Out');
      assert.match(left.said.join('\n'), /2,002 histories.*\n.*Exported 11 runs to .* Left out: .*\(2\)/);
      assert.match(await server.python(readBack, file, 'csv', String(ids.length)), /the same/);
      fs.rmSync(file);
      const unknown = { question: question(''), columns, better };
      const { said } = await exporting('JSON', file, () => call('exportAll', unknown));
      assert.match(said.join(), /the history of every run/);
      assert.ok(!fs.existsSync(file), 'a question that was closed is a no');
    });

    it('exports only what matches', async () => {
      const file = path.join(folder, 'some.json');
      const some = { question: question("params.number > 0.55 OR tags.note = 'plain'"), columns: [] };
      await exporting('JSON', file, () => call('exportAll', some));
      assert.match(await server.python(readBack, file, 'json', '6'), /the same/);
    });

    it('writes the rows that a page sends', async () => {
      const file = path.join(folder, 'rows.csv');
      const { said } = await exporting('CSV for programs', file, async () => {
        const { exportId, format } = await call('beginExport', { runs: 2, histories: 0 });
        assert.equal(format, 'csv');
        for (const [text, runs] of [
          ['run_id\r\n', 0],
          ['a\r\n', 1],
          ['b\r\n', 1],
        ] as const)
          assert.deepEqual(await call('exportChunk', { exportId, text, runs }), { cancelled: false });
        assert.ok(!fs.existsSync(file), 'it is there only when it is complete');
        await call('endExport', { exportId });
      });
      assert.match(said[0] ?? '', /Exported 2 runs/);
      assert.equal(fs.readFileSync(file, 'utf8'), 'run_id\r\na\r\nb\r\n');
      assert.deepEqual(await call('exportChunk', { exportId: 999, text: '', runs: 0 }), { cancelled: true });
    });

    it('leaves what was there, and nothing else, when an export ends early', async () => {
      const file = path.join(folder, 'kept.csv');
      fs.writeFileSync(file, 'before');
      const stop = new AbortController();
      const uri = vscode.Uri.file(file);
      const search = await queries.search(question(''), signal);
      const extremes = new ExtremesReader(() => undefined);
      const all = { store: await store(), search, columns: [], better: {}, format: 'json', extremes } as const;
      await assert.rejects(
        intoFile(uri, (part) =>
          writeAll(part, all, stop.signal, () => stop.abort()).then(() => stop.signal.throwIfAborted()),
        ),
      );
      assert.deepEqual(
        fs.readdirSync(folder).filter((name) => name.includes('.part')),
        [],
      );
      assert.equal(fs.readFileSync(file, 'utf8'), 'before');
    });

    it('writes the points that a page sends', async () => {
      const file = path.join(folder, 'points.csv');
      const { proposed, said } = await exporting('', file, async () => {
        await assert.rejects(call('beginPoints', { suggestedName: '../points.csv', runs: 1 }), /suggestedName/);
        const { exportId } = await call('beginPoints', { suggestedName: 'loss.csv', runs: 1 });
        assert.deepEqual(await call('exportChunk', { exportId, text: 'a,b\n', runs: 1 }), { cancelled: false });
        await call('endExport', { exportId });
      });
      assert.deepEqual([proposed, fs.readFileSync(file, 'utf8')], ['loss.csv', 'a,b\n']);
      assert.match(said[0] ?? '', /^Saved .*points\.csv$/);
    });

    it('says what went wrong when the file cannot be written', async () => {
      const nowhere = path.join(folder, 'no', 'such', 'folder.csv');
      await exporting('JSON', nowhere, () => call('exportAll', { question: question(''), columns: [], better }));
      assert.match(String(reported.splice(0)), /ENOENT/);
    });

    it('reads the extremes of a metric, finite ones alone', async () => {
      const { min, maxSteps } = await call('metricExtremes', { key: 'loss', runIds: [ids[0], ids[1], ids[3]] });
      assert.deepEqual([...min], [Number.NaN, Number.NaN, -0.1]);
      assert.deepEqual([...maxSteps], [Number.NaN, Number.NaN, 3]);
    });

    it('renames, tags and describes runs', async () => {
      const [runId = ''] = ids;
      const value = 'renamed "here"\nand there';
      await call('editRun', { runId, before: 'plain', field: 'name', value: 'renamed' });
      await call('editRun', { runId, before: null, field: 'tag', key: 'mlflow.note.content', value });
      await call('editRun', { runId, before: 'plain', field: 'tag', key: 'note', value: null });
      const said = await server.python(
        `import sys, json\nfrom mlflow import MlflowClient\nrun = MlflowClient().get_run(sys.argv[1])\nprint(json.dumps([run.info.run_name, run.data.tags['mlflow.note.content'], 'note' in run.data.tags]))`,
        runId,
      );
      assert.deepEqual(JSON.parse(said.slice(said.indexOf('["'))), ['renamed', value, false]);
      assert.deepEqual(marked, [runId, runId, runId]);
    });

    it('overwrites nothing that somebody else wrote since it was seen', async () => {
      const [, runId = ''] = ids;
      const key = 'mlflow.note.content';
      const note = (before: string | null, value: string | null) =>
        call('editRun', { runId, before, field: 'tag', key, value });
      await server.python(
        `import sys\nfrom mlflow import MlflowClient\nMlflowClient().set_tag(sys.argv[1], 'mlflow.note.content', 'of a colleague')`,
        runId,
      );
      marked.length = 0;
      await assert.rejects(note(null, 'mine'), /description was changed on the server meanwhile, to "of a colleague"/);
      await assert.rejects(
        call('editRun', { runId, before: 'old', field: 'name', value: 'mine' }),
        /name was changed .*, to "=cmd\|calc"/,
      );
      await assert.rejects(
        call('editRun', { runId, before: 'seen', field: 'tag', key: 'gone', value: 'mine' }),
        /tag gone was removed/,
      );
      assert.deepEqual(marked, [runId, runId, runId]);
      const read = async () => (await (await store()).getRun(runId)).tags[key];
      assert.equal(await read(), 'of a colleague');
      // What is there already is no conflict.
      await note(null, 'of a colleague');
      await note('of a colleague', 'mine');
      assert.equal(await read(), 'mine');
    });

    it('says what is known of a commit, and nothing of what is none', async () => {
      const id = 'ab12'.repeat(10);
      assert.equal(await call('commitText', { commit: ` ${id.toUpperCase()}` }), `known of ${id}`);
      assert.equal(await call('commitText', { commit: 'HEAD' }), '');
      await assert.rejects(call('commitText', { commit: 7 }));
    });

    it('remembers filters, the latest first and each once', async () => {
      for (const filter of ['a', ' b ', 'a', '']) await call('noteFilter', { filter });
      assert.deepEqual(await call('recentFilters', {}), ['a', 'b']);
    });
  });
}
