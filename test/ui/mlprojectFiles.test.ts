import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually, reads } from '../support/eventually';
import { openScene, usePython } from './support/scene';
import type { Theme, Workbench } from './support/workbench';

const text = `name: digits

python_env: python_env.yaml

entry_points:
  main:
    parameters:
      rate: {type: flaot, default: 0.005}
      epochs: {type: int, default: 250}
    # Doubled braces are braces: {{x}}
    command: >-
      python train.py --rate {rate}
      --epochs '{epochs}' --seed {sed}

  hello:
    parameters:
      word: {type: string, default: "all right"}
    command: "echo {word} && ls -l | head -n 3"
`;
const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

describe('an MLproject file in the editor', function () {
  this.bail(true);
  let workbench: Workbench;

  openScene(
    {
      settings: { 'editor.minimap.enabled': false },
      fill: async (ground) => {
        writeFileSync(path.join(ground.folder, 'MLproject'), text);
        usePython(ground.folder);
      },
    },
    (scene) => {
      ({ workbench } = scene);
    },
  );

  const line = (content: string) => workbench.page.locator('.monaco-editor .view-line', { hasText: content }).first();
  /** The editor has the focus again, and what the problem is about is selected. */
  const selected = async (characters: number) => {
    await workbench.page.getByText(`(${characters} selected)`).waitFor();
    await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  };
  const problems = () => workbench.page.locator('.markers-panel .monaco-list-row');

  it('is coloured, and its problems are underlined and listed', async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^main/)).click();
    await workbench.runCommand('Flowdeck: Open MLproject File');
    await line('python train.py').waitFor();
    await workbench.page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await workbench.runCommand('Problems: Focus on Problems View');
    await problems().filter({ hasText: 'No parameter is named sed' }).waitFor();
    await problems().filter({ hasText: 'MLflow knows no type flaot' }).waitFor();
    await problems().filter({ hasText: 'MLflow puts quotes around the value of epochs' }).waitFor();
    await eventually(async () => {
      const colours = await line('python train.py')
        .locator('span > span')
        .evaluateAll((spans) => new Set(spans.map((span) => span.className)).size);
      assert.ok(colours >= 3, `${colours} colours in a command`);
    });
    for (const theme of themes) await workbench.screenshot('mlproject', theme);
  });

  it('is repaired by the bulb', async () => {
    await problems().filter({ hasText: 'MLflow knows no type flaot' }).dblclick();
    await selected(5);
    await workbench.runCommand('Quick Fix...');
    const menu = workbench.page.locator('.action-widget');
    await menu.getByText('Change to float').waitFor();
    await workbench.screenshot('mlproject-fixes');
    await menu.getByText('Change to float').click();
    await line('{type: float, default: 0.005}').waitFor();
    await problems().filter({ hasText: 'flaot' }).waitFor({ state: 'detached' });
  });

  it('offers the parameters in the braces of a command, and explains under the pointer', async () => {
    await problems().filter({ hasText: 'No parameter is named sed' }).dblclick();
    // The name is selected; without it the braces stand empty.
    await selected(3);
    await workbench.page.keyboard.press('Delete');
    await line('--seed {}').waitFor();
    await workbench.runCommand('Trigger Suggest');
    const suggestions = workbench.page.locator('.suggest-widget .monaco-list-row');
    await suggestions.filter({ hasText: 'epochs' }).waitFor();
    await workbench.screenshot('mlproject-completion');
    await suggestions.filter({ hasText: 'epochs' }).click();
    await line('--seed {epochs}').waitFor();
    await workbench.explains(line('hello:').getByText('hello'), 'With its defaults, hello runs');
    await workbench.screenshot('mlproject-hover');
    await workbench.runCommand('View: Hide Panel');
  });

  it('runs an entry point from the line above it', async () => {
    const lenses = workbench.page.locator('.codelens-decoration a');
    await lenses.filter({ hasText: 'Run with parameters…' }).first().waitFor();
    const each = ['Run', 'Run with parameters…', 'Runs'];
    await becomes(async () => (await lenses.allInnerTexts()).map((item) => item.trim()), [...each, ...each]);
    await lenses
      .filter({ hasText: /^\s*Run$/ })
      .nth(1)
      .click();
    await workbench.notification(/hello finished: run/).waitFor({ timeout: 120_000 });
    await reads(() => workbench.terminalText(), /all right/);
    await workbench.screenshot('mlproject-run');
  });
});
