// @ts-check
// How the scripts speak: one line per long step, `→ installing VS Code host 1.139.1 … 11 s`.
import process from 'node:process';

/** The step whose line is still open on the terminal, so that nothing else is written behind it. */
let openLine = '';

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 120_000) return `${Math.round(milliseconds / 1000)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** Ends a step's open line before anything else is printed. */
export function freshLine() {
  if (openLine) process.stdout.write('\n');
  openLine = '';
}

/** @param {string} text */
export function say(text) {
  freshLine();
  process.stdout.write(`${text}\n`);
}

/**
 * Runs one long step and says what it is and how long it took.
 * @template T
 * @param {string} label e.g. `installing Chromium`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const started = Date.now();
  freshLine();
  openLine = label;
  process.stdout.write(`→ ${label} …`);
  const finish = (/** @type {string} */ outcome) => {
    if (openLine === label) process.stdout.write(` ${outcome}\n`);
    else say(`→ ${label} … ${outcome}`);
    openLine = '';
  };
  try {
    const result = await work();
    finish(duration(Date.now() - started));
    return result;
  } catch (error) {
    finish(`failed after ${duration(Date.now() - started)}`);
    throw error;
  }
}
