import type { MlflowVersion } from '../support/mlflowServer';

/** The oldest VS Code that is supported. What is the same in every editor, and slow, is tried in the current one only. */
export const isOldestHost = process.env.FLOWDECK_HOST_VERSION?.startsWith('1.105.') ?? false;

/**
 * The MLflow version that is tried in this VS Code: the newer one in the current, in the oldest the one that people with old
 * tools have. Both in both took most of an hour, and the differences of editors do not speak to servers.
 */
export const generations: readonly MlflowVersion[] = isOldestHost ? ['2.15.1'] : ['3.17.2'];
