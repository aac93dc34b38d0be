import type { Run } from '../../src/shared/domain';

/** A finished run with nothing logged, but for what a test says. */
export const runOf = (runId: string, change: Partial<Run> = {}): Run => ({
  runId,
  experimentId: '1',
  name: runId,
  status: 'FINISHED',
  userId: '',
  startTime: 0,
  artifactUri: '',
  lifecycleStage: 'active',
  metrics: {},
  params: {},
  tags: {},
  datasets: [],
  modelIds: [],
  ...change,
});
