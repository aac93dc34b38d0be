import type { MlflowVersion } from '../support/mlflowServer';

/** The oldest VS Code that is supported. What is the same in every editor, and slow, is tried in the current one only. */
export const isOldestHost = process.env.FLOWDECK_HOST_VERSION?.startsWith('1.105.') ?? false;

/**
 * The MLflow versions that are tried in this VS Code: both in the current one; in the oldest, whose differences do not
 * speak to servers, the one that people with old tools have.
 */
export const generations: readonly MlflowVersion[] = isOldestHost ? ['2.15.1'] : ['3.17.2', '2.15.1'];
