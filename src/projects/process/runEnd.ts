import type { Run, RunStatus } from '../../shared/domain';

export interface ProcessEnd {
  readonly exitCode: number;
  /** ms; when somebody stopped it. */
  readonly stoppedAt?: number;
}

export type RunResult = 'FINISHED' | 'FAILED' | 'KILLED';

/** What the run ended as, and whether the server has to be told so. */
export function endOfRun(
  run: Pick<Run, 'status' | 'endTime'>,
  end: ProcessEnd,
): { readonly result: RunResult; readonly write: boolean } {
  const { exitCode, stoppedAt } = end;
  if (isOpen(run.status)) return { result: resultOf(end), write: true };
  // MLflow calls a run that is interrupted by Ctrl-C failed.
  const endedByStop = stoppedAt !== undefined && run.status === 'FAILED' && (run.endTime ?? 0) >= stoppedAt;
  if (endedByStop) return { result: 'KILLED', write: true };
  if (run.status === 'KILLED') return { result: 'KILLED', write: false };
  return { result: run.status === 'FINISHED' && exitCode === 0 ? 'FINISHED' : 'FAILED', write: false };
}

/** What the end of the process alone means. */
export const resultOf = ({ exitCode, stoppedAt }: ProcessEnd): RunResult =>
  stoppedAt !== undefined ? 'KILLED' : exitCode === 0 ? 'FINISHED' : 'FAILED';

export const isOpen = (status: RunStatus) => status === 'RUNNING' || status === 'SCHEDULED';
