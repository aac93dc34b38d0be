import fs from 'node:fs/promises';
import os from 'node:os';
import { GitError } from '../../git/gitError';
import { headTags } from '../../git/headTags';
import { openRepository } from '../../git/openRepository';
import { relativePath } from '../../git/relativePath';
import { TagKey, type Tags } from '../../shared/domain';

/**
 * The tags that `mlflow run` writes on a run it creates itself; with `--run-id` it writes none of them. Beside them the
 * branch and whether the working tree had changes, which MLflow leaves out. `onProblem` is told why git facts are missing.
 */
export async function projectRunTags(
  folder: string,
  entryPoint: string,
  onProblem: (message: string) => void,
): Promise<Tags> {
  const git = await gitTags(folder).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error;
    if (error.kind !== 'notRepository') onProblem(error.message);
    return undefined;
  });
  return {
    ...userTag(),
    [TagKey.sourceName]: git?.sourceName ?? folder,
    [TagKey.sourceType]: 'PROJECT',
    [TagKey.projectEntryPoint]: entryPoint,
    ...git?.tags,
  };
}

async function gitTags(folder: string): Promise<{ readonly sourceName: string; readonly tags: Tags } | undefined> {
  const repository = await openRepository(folder);
  if (!repository) return undefined;
  const inside = relativePath(await fs.realpath(repository.root), await fs.realpath(folder)) ?? '';
  // MLflow's own form: https://github.com/mlflow/mlflow/blob/master/mlflow/tracking/_tracking_service/utils.py
  const sourceName = `file://${repository.root}${inside === '' ? '' : `#${inside}`}`;
  const [state, remotes] = await Promise.all([repository.state(), repository.remotes()]);
  const { commit } = state;
  return { sourceName, tags: commit === undefined ? {} : headTags({ ...state, commit }, remotes) };
}

/** A container may run under a user that has no name. */
function userTag(): Tags {
  try {
    return { [TagKey.user]: os.userInfo().username };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return {};
    throw error;
  }
}
