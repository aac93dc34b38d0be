import { type EnvironmentManager, isEnvironmentManager, type LaunchRequest } from '../request/taskDefinition';
import type { ReproducePlan } from './plan';

/** What a run is launched again in: an environment that MLflow makes here, or the backend that it was made on. */
export type RunsIn = EnvironmentManager | 'backend';

export const isRunsIn = (value: unknown): value is RunsIn => value === 'backend' || isEnvironmentManager(value);

/** The backend that a run was made on, where it is not this machine. */
export interface RunBackend {
  readonly name: string;
  /** Absolute, or relative to the folder of the launch; '' where it had none. */
  readonly config: string;
  /** Why nothing can be launched on it here. */
  readonly problem?: string;
}

type Planned = Pick<ReproducePlan, 'backend' | 'managers' | 'dockerArguments'>;

/** The best first. */
export const waysOf = ({ backend, managers }: Planned): readonly RunsIn[] =>
  backend && backend.problem === undefined ? ['backend', ...managers] : managers;

/** What a launch of it is told. On a backend the environment is that of every launch of the folder there. */
export function requestIn({ backend, dockerArguments = [] }: Planned, runsIn: RunsIn): Partial<LaunchRequest> {
  const docker = dockerArguments.length === 0 ? {} : { dockerArguments };
  if (runsIn !== 'backend') return { environmentManager: runsIn, ...docker };
  const { name = '', config = '' } = backend ?? {};
  return { backend: name, ...(config === '' ? {} : { backendConfig: config }), ...docker };
}
