import assert from 'node:assert/strict';
import { openScene } from './support/scene';
import type { Workbench } from './support/workbench';

describe('the packaged extension in VS Code, before any server is known', () => {
  let workbench: Workbench;

  openScene({ server: 'none' }, (scene) => ({ workbench } = scene));

  it('has one container with its four views, each saying what to do first', async () => {
    for (const name of ['Experiments', 'Run', 'Models', 'Projects']) {
      const view = await workbench.openView(name);
      assert.ok(await view.pane().isVisible(), `${name} is not there`);
    }
    // Projects finds the example project, and has rows instead.
    for (const name of ['Experiments', 'Run', 'Models']) {
      const welcome = workbench.tree(name).pane().locator('.welcome-view');
      await welcome.getByRole('button', { name: 'Connect to Server…' }).waitFor();
      const texts = (await welcome.locator('p').allInnerTexts()).filter(Boolean);
      assert.ok(texts.length > 0, `${name} does not say why it is empty`);
    }
    await workbench.screenshot('first-start', 'Dark Modern');
  });

  it('shows in every theme', async () => {
    await workbench.screenshot('first-start', 'Light Modern');
    await workbench.screenshot('first-start', 'Dark High Contrast');
  });

  it('shows its log', async () => {
    await workbench.runCommand('Flowdeck: Show Log');
    await workbench.page.locator('.output-view').waitFor();
  });
});
