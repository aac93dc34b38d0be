import assert from 'node:assert/strict';
import { becomes, eventually, reads } from '../support/eventually';
import { BoardPage, kindsOfCharts, kindsTab } from './support/boardPage';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Workbench } from './support/workbench';

describe('charts of other kinds in VS Code', () => {
  let workbench: Workbench;
  let board: BoardPage;

  openScene({ fill: ({ server }) => server.python(kindsOfCharts) }, async (scene) => {
    ({ workbench } = scene);
    board = await BoardPage.open(workbench);
  });

  it('begins with a sentence and a button', async () => {
    await board.board.getByText(/Bars, scatter, parallel coordinates/).waitFor();
    await board.board.getByRole('button', { name: 'Add Chart' }).waitFor();
  });

  it('finds columns by their name', async () => {
    await board.board.getByRole('button', { name: 'Add Chart' }).click();
    const x = board.dialog.getByRole('combobox', { name: 'X axis' });
    await x.fill('l');
    await workbench.screenshot('kinds-form');
    await x.fill('lr');
    await board.page.frame.getByRole('option', { name: /^lr/ }).waitFor();
    await x.press('Enter');
    await board.dialog.getByLabel('Log x axis').check();
    await board.title('my Scatter');
    await board.dialog.getByRole('button', { name: 'Add Chart' }).click();
    await board.drawn('my Scatter');
  });

  for (const kind of ['Bubble', 'Bar', 'Box', 'Heat map', 'Histogram', 'Difference', 'Parallel coordinates'])
    it(`draws what is suggested for: ${kind}`, async () => {
      await board.addMine(kind);
      await board.drawn(`my ${kind}`);
    });

  it('draws a line with an axis of its own, under its own name', async () => {
    await board.add('Line', async () => {
      await board.dialog.getByLabel('X axis').selectOption({ label: 'Relative time' });
      await board.title('my Line');
    });
    await board.drawn('my Line');
    await board.page.frame.getByRole('button', { name: 'Settings of my Line' }).click();
    const settings = board.page.frame.getByRole('dialog', { name: 'Settings of my Line' });
    await becomes(() => settings.getByLabel('x axis').inputValue(), 'relative');
    await workbench.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
    const plot = board.card('my Line').locator('.plot');
    await plot.press('ArrowRight');
    await reads(() => board.page.frame.locator('.readout-head').innerText(), /^my Line\s/);
    await plot.press('Escape');
  });

  it('shows a line of the board at full size, and is back at its button', async () => {
    const full = (text: string) => board.page.frame.getByRole('button', { name: `${text}: my Line` });
    await full('Full size').press('Enter');
    await full('Back to all charts').and(board.page.frame.locator(':focus')).waitFor();
    await full('Back to all charts').press('Enter');
    await full('Full size').and(board.page.frame.locator(':focus')).waitFor();
  });

  it('marks the run that is pointed at elsewhere wherever it is one mark', async () => {
    const run = (name: string) => board.page.frame.locator('.legend').getByRole('button', { name, exact: true });
    const ring = (kind: string) => board.card(`my ${kind}`).locator('.pointed');
    const line = () => board.card('my Parallel coordinates').locator('.pointed-line path').getAttribute('d');
    for (const kind of ['Scatter', 'Bubble', 'Difference', 'Box', 'Parallel coordinates', 'Bar']) {
      await board.card(`my ${kind}`).scrollIntoViewIfNeeded();
      await board.drawn(`my ${kind}`);
      await run('run 21').focus();
      const place = async () =>
        kind === 'Parallel coordinates' ? await line() : await ring(kind).getAttribute('style');
      await reads(place, /./);
      const before = await place();
      await run('run 20').focus();
      await eventually(async () => assert.notEqual(await place(), before));
      if (kind === 'Parallel coordinates') await workbench.screenshot('kinds-run-pointed-at');
      else await ring(kind).waitFor();
    }
    const box = await ring('Bar').boundingBox();
    assert.ok(box);
    await workbench.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await reads(() => board.card('my Bar').locator('.readout-head').innerText(), /^run 20$/);
    await run('run 20').blur();
    await workbench.page.mouse.move(0, 0);
    for (const kind of ['Bar', 'Scatter']) await ring(kind).waitFor({ state: 'hidden' });
    await board.card('my Box').locator('.pointed').waitFor({ state: 'hidden' });
  });

  it('draws lines of equal value, and groups with error bars', async () => {
    await board.choose('More: my Heat map', 'Edit…');
    await board.dialog.getByLabel('Lines of equal value').check();
    await board.dialog.getByRole('button', { name: 'Save' }).click();
    await board.choose('More: my Bar', 'Edit…');
    await board.dialog.getByRole('combobox', { name: /^Group by/ }).fill('optimizer');
    await board.page.frame.getByRole('option', { name: /^optimizer/ }).click();
    await board.dialog.getByRole('button', { name: 'Save' }).click();
    await board
      .card('my Bar')
      .getByRole('application', { name: /3 groups/ })
      .waitFor();
    // One that is pointed at elsewhere stands at its own value, not at its group's.
    const ring = board.card('my Bar').locator('.pointed');
    const run = (name: string) => board.page.frame.locator('.legend').getByRole('button', { name, exact: true });
    const places = new Set<string>();
    for (const name of ['run 20', 'run 23']) {
      await run(name).focus();
      await ring.waitFor();
      await eventually(async () => assert.ok(!places.has((await ring.getAttribute('style')) ?? '')));
      places.add((await ring.getAttribute('style')) ?? '');
    }
    await run('run 23').blur();
    await ring.waitFor({ state: 'hidden' });
    await board.drawn('my Heat map');
  });

  it('says what a chart leaves out', async () => {
    await board.card('my Scatter').scrollIntoViewIfNeeded();
    await board.card('my Scatter').getByText('1 run without lr · 1 run with NaN or infinite loss').waitFor();
  });

  it('reads runs and values with keys, and shows a table', async () => {
    const plot = board.card('my Scatter').locator('.plot');
    await plot.focus();
    await plot.press('ArrowRight');
    await reads(
      () => board.card('my Scatter').locator('.readout').innerText(),
      /run \d+\s+lr\s+0\.0001\s+loss\s+\d\.\d+/,
    );
    await plot.press('Escape');
    await board.page.frame.getByRole('button', { name: 'Show as table: my Scatter' }).click();
    await becomes(() => board.card('my Scatter').locator('tbody tr').count(), 34);
    await board.page.frame.getByRole('button', { name: 'Show as chart: my Scatter' }).click();
  });

  it('shows images step by step, and texts and tables side by side', async () => {
    await board.addMine('Images');
    await board.card('my Images').scrollIntoViewIfNeeded();
    await board.card('my Images').locator('img').nth(2).waitFor();
    await becomes(() => board.card('my Images').locator('img').count(), 3);
    const alt = async () => await board.card('my Images').locator('img').first().getAttribute('alt');
    await becomes(alt, 'samples/epoch of run 35 at step 20');
    await board.card('my Images').getByRole('slider').fill('0');
    await board.card('my Images').getByAltText('samples/epoch of run 35 at step 0').waitFor();
    const width = () =>
      board
        .card('my Images')
        .locator('img')
        .first()
        .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    await becomes(width, 60);
    await board.add('Text and tables', () => board.title('my Text'));
    await board.card('my Text').scrollIntoViewIfNeeded();
    await board.card('my Text').getByText('<b>not bold</b>').first().waitFor();
    await board.choose('More: my Text', 'Edit…');
    await board.dialog.getByLabel('Artifacts').fill('tables/*.json');
    await board.dialog.getByLabel('Artifacts').blur();
    await board.dialog.getByRole('button', { name: 'Save' }).click();
    await board.card('my Text').getByRole('columnheader', { name: 'x' }).first().waitFor();
    await workbench.screenshot('kinds-artifacts');
  });

  it('filters the table by dragging on an axis, keeps the others faint, and takes it back', async () => {
    const name = 'my Parallel coordinates';
    await board.card(name).scrollIntoViewIfNeeded();
    await board.drawn(name);
    const box = await board.card(name).locator('canvas').boundingBox();
    assert.ok(box);
    const x = box.x + 56;
    await workbench.page.mouse.move(x, box.y + box.height - 8);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
    await workbench.page.mouse.up();
    const chip = board.card(name).locator('.brush-chip.is-on');
    await chip.waitFor();
    await board
      .card(name)
      .getByText(/\d+ of 3\d runs in the filter/)
      .waitFor();
    await workbench.screenshot('kinds-brushed');
    await chip.getByRole('button', { name: /^Remove the filter/ }).click();
    await chip.waitFor({ state: 'detached' });
    await board
      .card(name)
      .getByRole('button', { name: 'accuracy' })
      .or(board.card(name).getByRole('button', { name: 'loss' }))
      .first()
      .click();
    await board.card(name).getByLabel('At least').fill('0.5');
    await board.card(name).getByRole('button', { name: 'Apply' }).click();
    await chip.getByText(/≥ 0.5/).waitFor();
    await chip.getByRole('button', { name: /^Remove the filter/ }).click();
  });

  it('measures differences to a baseline that is chosen, in a table too', async () => {
    await board.choose('More: my Difference', 'Edit…');
    await board.dialog.getByLabel('Baseline', { exact: true }).selectOption({ label: 'run 20' });
    await board.dialog.getByRole('button', { name: 'Save' }).click();
    await board
      .card('my Difference')
      .getByRole('application', { name: /to run 20/ })
      .waitFor();
    await board.page.frame.getByRole('button', { name: 'Show as table: my Difference' }).click();
    const head = async () => (await board.card('my Difference').locator('thead th').allInnerTexts()).join(' | ');
    await reads(head, /^Run \| \w+ \| \w+ − run 20 \| % of run 20$/);
    await reads(() => board.card('my Difference').locator('tbody tr').first().innerText(), /^run 20\s+\S+\s+0\s+0$/);
    await workbench.screenshot('kinds-difference-table');
    await board.page.frame.getByRole('button', { name: 'Show as chart: my Difference' }).click();
  });

  it('copies a definition that can be added again, and says what is wrong with another', async () => {
    await board.choose('Save or copy: my Box', 'Copy Definition');
    await board.card('my Box').getByText('The definition is on the clipboard.').waitFor();
    const text = await workbench.clipboard();
    await board.choose('More about my charts', 'Add from JSON…');
    await board.dialog.getByRole('textbox').fill('{"kind": "pie"}');
    await board.dialog.getByRole('button', { name: 'Add' }).click();
    await board.dialog.getByText(/This is no chart/).waitFor();
    await board.dialog.getByRole('textbox').fill(text.replace('my Box', 'pasted Box'));
    await board.dialog.getByRole('button', { name: 'Add' }).click();
    await board.drawn('pasted Box');
  });

  it('draws the best value of a metric, of a definition that is pasted, once it is told which is better', async () => {
    const text = JSON.stringify({ kind: 'bar', title: 'best bars', value: 'metrics[best].loss', runs: 'all' });
    await board.choose('More about my charts', 'Add from JSON…');
    await board.dialog.getByRole('textbox').fill(text);
    await board.dialog.getByRole('button', { name: 'Add' }).click();
    const card = board.card('best bars');
    await card.scrollIntoViewIfNeeded();
    await card.getByText('Which loss is better?').waitFor();
    await card.getByRole('button', { name: 'Lower is Better' }).click();
    await board.drawn('best bars');
    await card.getByText('histories read').waitFor({ state: 'detached' });
    await card.getByRole('button', { name: 'Show as table: best bars' }).click();
    await card.getByRole('columnheader', { name: 'loss (best)' }).waitFor();
    // One run has logged nothing but NaN.
    await becomes(() => card.locator('tbody tr').count(), 35);
    await card.getByText('1 run with NaN or infinite loss (best)').or(card.locator('tbody')).first().waitFor();
  });

  it('draws the largest value of a metric, chosen in the form', async () => {
    await board.add('Histogram', async () => {
      await board.title('best steps');
      await board.dialog.getByLabel('Value: which value').selectOption({ label: 'max' });
      await becomes(
        () => board.dialog.getByRole('combobox', { name: 'Value', exact: true }).inputValue(),
        'loss (max)',
      );
    });
    await board.drawn('best steps');
    await board
      .card('best steps')
      .getByRole('application', { name: /loss \(max\)/ })
      .waitFor();
    await workbench.screenshot('kinds-of-histories');
  });

  it('puts a chart elsewhere when it is dragged there', async () => {
    const names = async () => (await board.board.locator('h3').allInnerTexts()).slice(0, 2);
    const drag = async (from: string, to: string) => {
      await board.card(from).scrollIntoViewIfNeeded();
      await board.card(from).hover();
      await board.card(from).locator('.board-grip').dragTo(board.card(to).locator('.card-head'));
    };
    await becomes(names, ['my Scatter', 'my Bubble']);
    await drag('my Bubble', 'my Scatter');
    await becomes(names, ['my Bubble', 'my Scatter']);
    await becomes(() => board.board.locator('.is-dragged').count(), 0);
    await board.drawn('my Bubble');
    await drag('my Scatter', 'my Bubble');
    await becomes(names, ['my Scatter', 'my Bubble']);
  });

  it('moves with keys, duplicates, and takes a removed chart back', async () => {
    const names = async () => await board.board.locator('h3').allInnerTexts();
    await becomes(async () => (await names()).slice(0, 2), ['my Scatter', 'my Bubble']);
    await board.page.frame.getByRole('button', { name: 'Move my Bubble: arrow keys' }).press('ArrowLeft');
    await becomes(async () => (await names()).slice(0, 2), ['my Bubble', 'my Scatter']);
    await board.choose('More: my Bubble', 'Remove');
    await board.board.getByText('Removed my Bubble.').waitFor();
    await board.board.getByRole('button', { name: 'Undo' }).click();
    await becomes(async () => (await names())[0], 'my Bubble');
  });

  it('fills the page, and Escape leaves', async () => {
    await board.choose('More: my Bubble', 'Full Screen');
    await board.page.frame.locator('.is-full').waitFor();
    await workbench.page.waitForTimeout(300);
    await workbench.screenshot('kinds-full');
    await board.card('my Bubble').locator('.plot').press('Escape');
    await board.page.frame.locator('.is-full').waitFor({ state: 'detached' });
  });

  it('keeps the board, and the chart that fills the page, when the window is reloaded', async () => {
    await board.choose('More: my Bubble', 'Full Screen');
    await board.page.frame.locator('.is-full').waitFor();
    const names = await board.board.locator('h3').allInnerTexts();
    await workbench.reload();
    board = new BoardPage(workbench, await workbench.webview(kindsTab));
    await becomes(() => board.board.locator('h3').allInnerTexts(), names);
    await board.page.frame
      .locator('.is-full', { has: board.page.frame.getByRole('heading', { name: 'my Bubble' }) })
      .waitFor();
    await board.drawn('my Bubble');
    await board.page.frame.getByRole('button', { name: 'Leave full screen' }).click();
    await board.page.frame.locator('.is-full').waitFor({ state: 'detached' });
  });

  it('has no accessibility violation, in every theme', async () => {
    await board.page.frame
      .locator('.chart-area')
      .evaluate((area) => (area as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 0));
    await checkThemes(workbench, board.page, 'kinds');
  });
});
