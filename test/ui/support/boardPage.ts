import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Webview } from './webview';
import type { Workbench } from './workbench';

/** Runs that every kind of chart has something to draw of; the experiment is `kinds of charts`. */
export const kindsOfCharts = `
import math, random
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
random.seed(3)
client = MlflowClient()
experiment = client.create_experiment('kinds of charts')
for index in range(36):
    lr = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1][index % 6]
    depth = [2, 4, 8, 12][index % 4]
    optimizer = ['adam', 'sgd', 'rmsprop'][index % 3]
    run_id = client.create_run(experiment, run_name=f'run {index}' if index else '=cmd, "quoted"').info.run_id
    loss = 0.4 + (math.log10(lr) + 2.5) ** 2 / 8 + 1 / depth + random.gauss(0, 0.02)
    params = [Param('depth', str(depth)), Param('optimizer', optimizer)] + ([Param('lr', str(lr))] if index != 5 else [])
    metrics = [Metric('loss', loss if index != 7 else float('nan'), 1000 * step, step) for step in range(3)]
    client.log_batch(run_id, metrics + [Metric('accuracy', 1 - loss / 3, 0, 0)], params)
    if index >= 33:
        client.log_dict(run_id, {'columns': ['x', 'y'], 'data': [[1, 'a'], [2, 'b']]}, 'tables/predictions.json')
        client.log_text(run_id, f'notes of run {index}\\n<b>not bold</b>', 'notes.txt')
        for step in (0, 10, 20):
            image = np.zeros((40, 60, 3), dtype=np.uint8)
            image[:, :, index - 33] = 80 + step * 8
            image[10:30, 20 + step : 30 + step] = 255
            client.log_image(run_id, image, key='samples/epoch', step=step, synchronous=True)
    client.set_terminated(run_id)
`;

export const kindsTab = /kinds of charts/;

/** The charts a person made, on the Charts tab of the experiment above. */
export class BoardPage {
  constructor(
    private readonly workbench: Workbench,
    readonly page: Webview,
  ) {}

  static async open(workbench: Workbench): Promise<BoardPage> {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^kinds of charts/)).inlineAction('Open Charts');
    return new BoardPage(workbench, await workbench.webview(kindsTab));
  }

  get board(): Locator {
    return this.page.frame.locator('.board');
  }

  get dialog(): Locator {
    return this.page.frame.getByRole('dialog');
  }

  card(name: string): Locator {
    return this.board.locator('.board-item', { has: this.page.frame.getByRole('heading', { name, exact: true }) });
  }

  /** Adds a chart of a kind as it is suggested, after `change`. */
  async add(kind: string, change: () => Promise<void> = async () => undefined): Promise<void> {
    await this.board.getByRole('button', { name: 'Add Chart' }).click();
    await this.dialog.getByRole('radio', { name: kind, exact: true }).check({ force: true });
    await change();
    await this.dialog.getByRole('button', { name: 'Add Chart' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  /** Adds one that is called `my` kind. */
  async addMine(kind: string): Promise<void> {
    await this.add(kind, () => this.title(`my ${kind}`));
  }

  async title(text: string): Promise<void> {
    await this.dialog.getByLabel(/^Title/).fill(text);
  }

  async choose(from: string, item: string): Promise<void> {
    await this.page.frame.getByRole('button', { name: from, exact: true }).click();
    await this.page.frame.locator('.pop-menu:popover-open').getByText(item, { exact: true }).click();
  }

  /** How many pixels of a chart's canvas are painted. */
  async painted(name: string): Promise<number> {
    return await this.card(name)
      .locator('canvas')
      .evaluate((canvas) => {
        const { width, height, getContext } = canvas as unknown as {
          width: number;
          height: number;
          getContext(kind: '2d'): { getImageData(...at: number[]): { data: Uint8ClampedArray } };
        };
        const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
        return data.filter((value, at) => at % 4 === 3 && value > 0).length;
      });
  }

  async drawn(name: string): Promise<void> {
    await this.card(name).scrollIntoViewIfNeeded();
    await this.card(name).locator('canvas').waitFor();
    for (let attempt = 0; attempt < 100; attempt++) {
      if ((await this.painted(name)) > 200) return;
      await this.workbench.page.waitForTimeout(100);
    }
    assert.fail(`${name} is not drawn`);
  }
}
