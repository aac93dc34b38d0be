import type { Session as RunsSession } from '../runs/session';
import { Session } from './session';

const sessions = new WeakMap<RunsSession, Session>();

/** The charts of a page: their points stay while other tabs are looked at. */
export function chartsSessionOf(runs: RunsSession): Session {
  const known = sessions.get(runs) ?? new Session(runs);
  sessions.set(runs, known);
  return known;
}
