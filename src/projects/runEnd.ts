import type { Run, RunStatus } from '../shared/domain';

export interface ProcessEnd {
  readonly exitCode: number;
  /** ms; when somebody stopped it. */
  readonly stoppedAt?: number;
}

export type RunResult = 'FINISHED' | 'FAILED' | 'KILLED';

/** What the run ended as. Undefined status: what stands on the server is right. */
export function endOfRun(
  run: Pick<Run, 'status' | 'endTime'>,
  { exitCode, stoppedAt }: ProcessEnd,
): { readonly result: RunResult; readonly write: boolean } {
  if (isOpen(run.status)) {
    const result = stoppedAt !== undefined ? 'KILLED' : exitCode === 0 ? 'FINISHED' : 'FAILED';
    return { result, write: true };
  }
  // MLflow calls a run that is interrupted by Ctrl-C failed.
  const endedByStop = stoppedAt !== undefined && run.status === 'FAILED' && (run.endTime ?? 0) >= stoppedAt;
  if (endedByStop) return { result: 'KILLED', write: true };
  if (run.status === 'KILLED') return { result: 'KILLED', write: false };
  return { result: run.status === 'FINISHED' && exitCode === 0 ? 'FINISHED' : 'FAILED', write: false };
}

const isOpen = (status: RunStatus) => status === 'RUNNING' || status === 'SCHEDULED';
