import { projectStorage } from '../../platform/projectStorage';
import { settings } from '../../platform/settings';
import { Checkouts } from '../checkouts/checkouts';
import { TracebackProblems } from '../tracebacks/tracebackProblems';
import { LaunchQueue } from './launchQueue';
import type { LaunchRoom, RunServices } from './launchTypes';
import { LaunchesUnderWay } from './underWay';

/** Made at the first launch; goes with the extension. */
export function openLaunchRoom(services: RunServices): LaunchRoom {
  const { context } = services.platform;
  const queue = new LaunchQueue(() => settings.maxRunning.get());
  const problems = new TracebackProblems();
  const underWay = new LaunchesUnderWay(context.workspaceState, projectStorage(context));
  const inUse = () => underWay.all().flatMap(({ checkout }) => checkout?.root ?? []);
  const room: LaunchRoom = {
    ...services,
    checkouts: new Checkouts(() => projectStorage(context), inUse),
    queue,
    problems,
    running: new Set(),
    underWay,
  };
  context.subscriptions.push(
    problems,
    settings.maxRunning.onDidChange(() => queue.admit()),
  );
  return room;
}
