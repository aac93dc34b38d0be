import assert from 'node:assert/strict';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import type { LaunchLab } from './launchLab';

export const withThisPython = 'Reproduce with This Python';

/** What a person sees of a reproduction. */
export interface Reproduced {
  readonly script: Script;
  /** Before it was launched. */
  readonly facts: string;
  readonly choices: readonly string[];
  /** How it ended. */
  readonly told: string;
}

/** Reproduces a run by pressing what is among `press`, until its end is told. What is proposed in a box is taken. */
export async function reproduce(lab: LaunchLab, runId: string, ...press: readonly string[]): Promise<Reproduced> {
  lab.picked.splice(0, lab.picked.length, runId);
  lab.reported.length = 0;
  const pressed = press.length === 0 ? [withThisPython] : press;
  const script = new Script(({ kind, value, choices }) =>
    kind === 'input' ? value : choices.find((choice) => pressed.includes(choice)),
  );
  const end = () => script.shown.find(({ message }) => /ended as/.test(message));
  try {
    await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
    await until(
      () => end() !== undefined || lab.reported.length > 0,
      () => `it did not end: ${JSON.stringify(script.shown)}`,
      200_000,
    );
  } finally {
    script.restore();
  }
  assert.deepEqual(lab.reported, []);
  const asked = script.shown.findLast(({ detail }) => detail !== '');
  return { script, facts: asked?.detail ?? '', choices: asked?.choices ?? [], told: end()?.message ?? '' };
}
