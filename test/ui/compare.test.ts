import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually, reads } from '../support/eventually';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import math, os, struct, tempfile, time, zlib
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, Dataset, DatasetInput
client = MlflowClient()
experiment = client.create_experiment('compare')
now = int(time.time() * 1000) - 3600_000
def png(color):
    width, height = 96, 64
    chunk = lambda kind, data: struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\\0' + bytes(color) * width for _ in range(height))
    return b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')
names = ['baseline', 'wide network', '<b>bold & "quoted"</b> | pipe', 'dropout 0.3']
for index, name in enumerate(names):
    run_id = client.create_run(experiment, run_name=name, start_time=now + index).info.run_id
    params = {'lr': str(0.1 / 2 ** index), 'batch_size': '64', 'optimizer': 'adam' if index % 2 else 'sgd', 'layers': str(3 + index), 'note': 'a|b\\n\`c\` <i>d</i>'}
    tags = {'team': 'vision' if index else 'speech', 'mlflow.source.git.commit': ('abcdef1%033x' % (index // 2)), 'mlflow.source.git.repoURL': 'git@github.com:flowdeck/example.git', 'mlflow.source.name': 'train.py'}
    client.log_batch(run_id, [Metric('loss', 2.3 * math.exp(-t / 60) + 0.15 + 0.1 * index, now + t * 1000, t) for t in range(200)], [Param(*item) for item in params.items()], [RunTag(*item) for item in tags.items()])
    client.log_batch(run_id, [Metric('accuracy', 1 - math.exp(-t / 50) * 0.9 - index * 0.02, now + t * 1000, t) for t in range(200)])
    client.log_batch(run_id, [Metric('constant', 1.0, now, 0), Metric('close', 0.123456789 + index * 1e-9, now, 0), Metric('diverged', float('nan') if index == 1 else 1.0 * index, now, 0)])
    client.log_inputs(run_id, [DatasetInput(Dataset('iris', 'digest%d' % (index // 2), 'local', '{}'))])
    with tempfile.TemporaryDirectory() as folder:
        def write(path, data):
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            open(full, 'wb').write(data)
        write('requirements.txt', ('mlflow==3.17.2\\nnumpy==2.%d.0\\nscikit-learn>=1.4\\n' % index).encode())
        write('python_env.yaml', b'python: 3.11.9\\nbuild_dependencies:\\n- pip==23.1\\ndependencies:\\n- -r requirements.txt\\n')
        write('plots/confusion.png', png([40 * index, 120, 200 - 30 * index]))
        write('report.txt', ('lr is %s\\nsame line\\n' % params['lr']).encode())
        write('same.txt', b'the very same\\n')
        if index == 0:
            write('only here.bin', b'0' * 2048)
        client.log_artifacts(run_id, folder)
    client.set_terminated(run_id, 'FAILED' if index == 2 else 'FINISHED', now + 60_000 * (index + 1))
many = client.create_experiment('many')
for index in range(100):
    run_id = client.create_run(many, run_name='run %d' % index).info.run_id
    count = 12000 if index >= 97 else 5
    for at in range(0, count, 1000):
        client.log_batch(run_id, [Metric('layer_%d/weight' % key, float(key + index), now, 0) for key in range(at, min(count, at + 1000))])
    if index >= 85:
        client.log_text(run_id, 'log of run %d\\n' % index, 'log.txt')
`;

const tab = /^compare/;

describe('comparing runs in VS Code', () => {
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene({ fill: ({ server }) => server.python(fill) }, (scene) => ({ folder, workbench } = scene));

  const line = (key: string) =>
    page.frame.locator('.compare-line', {
      has: page.frame.locator('[role="rowheader"] .name', { hasText: new RegExp(`^${key}$`) }),
    });
  const section = (title: string) => page.frame.locator('.line-section', { hasText: title });
  const texts = async (key: string) =>
    (await line(key).locator('[role="gridcell"]').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

  const cell = (key: string, at: number) => line(key).locator('[role="gridcell"]').nth(at);
  const grid = () => page.frame.getByRole('treegrid');

  it('puts the chosen runs side by side, and marks what differs', async () => {
    const experiments = await workbench.openView('Experiments');
    const row = await experiments.find(/^compare/);
    await row.inlineAction('Open Charts');
    page = await workbench.webview(tab);
    await page.frame.getByRole('tab', { name: 'Compare' }).click();
    await line('lr').waitFor();
    await becomes(() => texts('lr'), ['0.0125', '0.025', '0.05', '0.1']);
    await becomes(() => texts('optimizer'), ['adam', 'sgd', 'adam', 'sgd']);
    await becomes(() => line('lr').getByRole('img', { name: 'differs' }).count(), 1);
    await becomes(() => line('batch_size').getByRole('img', { name: 'differs' }).count(), 0);
    await workbench.screenshot('compare');
  });

  it('shows numbers in as many digits as tell them apart', async () => {
    await becomes(() => texts('close'), ['0.123456792', '0.123456791', '0.12345679', '0.123456789']);
    await becomes(() => texts('diverged'), ['3', '2', 'NaN', '0']);
  });

  it('leaves out what is the same, and finds keys', async () => {
    await page.frame.getByRole('checkbox', { name: 'Only differences' }).click();
    await line('batch_size').waitFor({ state: 'detached' });
    await line('lr').waitFor();
    await page.frame.locator('.compare-bar .search input').fill('LOSS');
    await line('lr').waitFor({ state: 'detached' });
    await line('loss').waitFor();
    await page.frame.locator('.compare-bar .search input').fill('');
    await page.frame.getByRole('checkbox', { name: 'Only differences' }).click();
    await line('batch_size').waitFor();
  });

  it('measures against a baseline that is chosen with the keyboard, and tints once it knows what is better', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    for (let times = 0; times < 2; times++) await grid().press('ArrowRight');
    await grid().press('Enter');
    await page.frame.getByRole('menuitem', { name: 'Make baseline' }).press('Enter');
    await page.frame.locator('.compare-head .base', { hasText: 'Baseline' }).waitFor();
    await becomes(() => texts('layers'), ['5', '6 +1 ×1.2', '4 -1 ×0.8', '3 -2 ×0.6']);
    await becomes(() => page.frame.locator('.delta.better, .delta.worse').count(), 0);
    await line('loss')
      .getByRole('button', { name: /better for loss/ })
      .click();
    await page.frame.getByRole('menuitemcheckbox', { name: 'Lower is better' }).click();
    await line('loss').locator('.delta.better').first().waitFor();
    await reads(async () => (await texts('loss')).join(' | '), /better.*better|worse/);
    await workbench.screenshot('compare-baseline');
  });

  it('compares the least and largest values of histories', async () => {
    await page.frame.getByLabel('Metrics').selectOption('max');
    await cell('loss', 0).filter({ hasText: '2.65' }).waitFor();
    await page.frame.getByLabel('Metrics').selectOption('last');
  });

  it('reads environments when they are looked at, package by package', async () => {
    await section('Environment').click();
    await line('numpy').scrollIntoViewIfNeeded();
    await becomes(() => texts('numpy'), ['2.2.0', '2.3.0', '2.1.0', '2.0.0']);
    await becomes(() => texts('Python'), ['3.11.9', '3.11.9', '3.11.9', '3.11.9']);
    await workbench.screenshot('compare-environment');
    await section('Environment').click();
  });

  it('shows artifacts of all runs as one tree, pictures side by side and text in the diff editor', async () => {
    await grid().focus();
    await grid().press('Control+End');
    await section('Artifacts').click();
    await line('plots').waitFor();
    await becomes(async () => (await texts('only here\\.bin')).sort(), ['2.0 kB', '—', '—', '—']);
    await line('plots').locator('.name').click();
    await line('confusion\\.png').locator('.name').click();
    await page.frame.getByRole('menuitem', { name: 'Show pictures side by side' }).click();
    const picture = page.frame.getByRole('img', { name: /^plots\/confusion\.png of / });
    await picture.first().waitFor();
    await page.frame.locator('.compare-scroll').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await becomes(() => picture.first().evaluate((image) => ('naturalWidth' in image ? image.naturalWidth : 0)), 96);
    await workbench.screenshot('compare-artifacts');
    await line('same\\.txt').locator('.name').click();
    await page.frame.getByRole('menuitem', { name: 'Compare contents' }).click();
    await line('same\\.txt').getByText('= same').first().waitFor();
    await line('report\\.txt').locator('.name').click();
    await page.frame
      .getByRole('menuitem', { name: /^Diff / })
      .first()
      .click();
    await eventually(async () => {
      const { original, modified } = await workbench.diff();
      assert.match(original, /lr is 0\.025/);
      assert.match(modified, /lr is 0\.0125/);
    });
    await workbench.runCommand('View: Close Editor');
  });

  it('comes back as it was after the window is reloaded', async () => {
    page = await workbench.webview(tab);
    await page.frame.locator('.compare-head .base').waitFor();
    await workbench.reload();
    page = await workbench.webview(tab);
    await page.frame.locator('.compare-head .base', { hasText: 'bold' }).waitFor();
    await page.frame
      .getByRole('img', { name: /^plots\/confusion\.png of / })
      .first()
      .waitFor();
    await grid().focus();
    await grid().press('Control+Home');
  });

  it('has no accessibility violation, in every theme', async () => {
    await checkThemes(workbench, page, 'compare');
  });

  it('says what goes with a metric, on what it rests and what was left out', async () => {
    await page.frame.getByRole('radio', { name: 'What explains a metric' }).check({ force: true });
    await page.frame.getByLabel('Metric', { exact: true }).fill('loss');
    await page.frame.getByLabel('Metric', { exact: true }).press('Tab');
    await page.frame.getByText('Over 4 of 4 loaded runs, by rank. Correlation is not cause.').waitFor();
    const rows = page.frame.locator('.explain-table tbody tr');
    await reads(
      async () => (await rows.allInnerTexts()).join('\n').replaceAll(/\s+/g, ' '),
      /lr -1\.000 Spearman ρ 4 4/,
    );
    await reads(
      () => page.frame.getByRole('list', { name: 'Left out' }).innerText(),
      /the same in all runs: batch_size/,
    );
    await workbench.screenshot('compare-explain', 'Light Modern');
    assert.deepEqual(await page.axe(), []);
    await workbench.screenshot('compare-explain', 'Dark Modern');
    await page.frame.getByRole('radio', { name: 'Side by side' }).check({ force: true });
  });

  it('copies the comparison as Markdown', async () => {
    await page.frame.getByRole('tab', { name: 'Charts' }).click();
    await page.frame.getByRole('radio', { name: 'Relative' }).check({ force: true });
    await page.frame.getByRole('tab', { name: 'Compare' }).click();
    await page.frame.getByRole('radio', { name: 'Side by side' }).check({ force: true });
    await page.frame.getByRole('button', { name: 'Report…' }).click();
    await workbench.screenshot('compare-report');
    assert.deepEqual(await page.axe(), []);
    await page.frame.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.frame.getByText(/^Copied: /).waitFor();
    const text = await workbench.clipboard();
    assert.match(text, /^# compare: comparison of 4 runs/);
    assert.match(text, /\[abcdef1\]\(https:\/\/github\.com\/flowdeck\/example\/commit\/[0-9a-f]{40}\)/);
    assert.ok(!text.includes('<b>'), 'names stay text');
  });

  it('saves it with its charts, and the files hold what they should', async () => {
    await page.frame.getByRole('button', { name: 'Save…' }).click();
    const file = path.join(folder, 'pr report.md');
    await workbench.quickPick.nameFile(file);
    await workbench.notification('The comparison is in pr report.md').waitFor();
    assert.ok(existsSync(file));
    const markdown = readFileSync(file, 'utf8');
    const links = [...markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, link]) => decodeURIComponent(link ?? ''));
    const pictures = path.join(folder, 'pr report_files');
    assert.deepEqual(links.map((link) => path.basename(link)).sort(), readdirSync(pictures).sort());
    assert.equal(links.length, 2);
    assert.deepEqual(
      [...markdown.matchAll(/!\[([^\]]*)\]/g)].map(([, title]) => title?.replace(/^\S+/, '')),
      [' by time since the start', ' by time since the start'],
      'as the Charts tab is set up',
    );
    for (const link of links) {
      const png = readFileSync(path.join(folder, link));
      assert.equal(png.toString('latin1', 1, 4), 'PNG');
      assert.equal(png.readUInt32BE(16), 1440);
      assert.ok(png.readUInt32BE(20) > 800, 'title and runs above it');
      assert.ok(png.length > 10_000, `${link} is ${png.length} bytes`);
    }
    await workbench.notification('The comparison is in').getByRole('button', { name: 'Open Preview' }).click();
    await workbench.tab(/Preview pr report/).waitFor();
    const preview = await workbench.webview(/Preview pr report/);
    await preview.frame.locator('img').first().waitFor();
    await workbench.screenshot('compare-report-preview');
  });

  it('has in the page only what is in sight of 100 runs with 12,000 metrics', async () => {
    const experiments = await workbench.openView('Experiments');
    const row = await experiments.find(/^many/);
    await row.inlineAction('Open Charts');
    const many = await workbench.webview(/^many/);
    await many.frame.getByRole('tab', { name: 'Compare' }).click();
    await many.frame.getByRole('heading', { name: '20 runs' }).waitFor();
    await becomes(() => many.frame.locator('.compare-head', { hasText: 'run 80' }).count(), 0);
    await many.frame.locator('.compare-scroll').press('Control+End');
    await many.frame.locator('.compare-line', { hasText: 'layer_11999/weight' }).waitFor();
    await many.frame.locator('.compare-head', { hasText: 'run 80' }).waitFor();
    const title = many.frame.locator('.line-section', { hasText: 'Datasets' }).locator('.stay');
    await eventually(async () => {
      assert.ok((await title.evaluate((element) => element.getBoundingClientRect().left)) >= 0, 'titles stay in sight');
      const cells = await many.frame.locator('.compare-cell').count();
      assert.ok(cells > 50 && cells < 900, `${cells} cells`);
      const active = await many.frame.locator('.compare-scroll').getAttribute('aria-activedescendant');
      assert.equal(await many.frame.locator(`#${active}`).count(), 1);
    });
    await workbench.screenshot('compare-many');
  });

  it('finds the run to diff a file with among all that have it', async () => {
    const many = await workbench.webview(/^many/);
    await many.frame.locator('.line-section', { hasText: 'Artifacts' }).click();
    const file = many.frame.locator('.compare-line', { hasText: 'log.txt' });
    await file.locator('.name').click();
    await becomes(() => many.frame.getByRole('menuitem', { name: /^Diff run 99 ↔ run \d+$/ }).count(), 6);
    await many.frame.getByRole('menuitem', { name: 'Diff run 99 with one of 14 runs…' }).click();
    await workbench.quickPick.type('run 85');
    await becomes(async () => (await workbench.quickPick.labels()).length, 1);
    await workbench.screenshot('compare-diff-with');
    await workbench.quickPick.accept();
    await eventually(async () => {
      const { original, modified } = await workbench.diff();
      assert.match(original, /log of run 99/);
      assert.match(modified, /log of run 85/);
    });
    await workbench.runCommand('View: Close Editor');
    await (await workbench.webview(/^many/)).frame.getByRole('treegrid').waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('says how to choose runs when there are fewer than two', async () => {
    page = await workbench.webview(tab);
    for (let runs = 4; runs > 1; runs--) {
      const heads = page.frame.locator('.compare-head .run .row-button');
      await becomes(() => heads.count(), runs);
      await heads.last().click();
      await page.frame.getByRole('menuitem', { name: 'Remove from the comparison' }).click();
    }
    await page.frame.getByText('One run is chosen; a comparison takes two.').waitFor();
    await workbench.screenshot('compare-empty');
    assert.deepEqual(await page.axe(), []);
    await page.frame.getByRole('button', { name: 'Go to the table' }).click();
    await becomes(() => page.frame.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected'), 'true');
  });
});
