import { setImmediate as nextTurn } from 'node:timers/promises';
import { runOrigin } from '../../mlflow/runSource';
import { type Run, TagKey } from '../../shared/domain';
import { BatchBuilder, type RunBatch, type RunHead } from '../../shared/runs/runBatch';

/** Why a run is there that is none of those asked for, or not in its place. */
export type Mark = Pick<RunHead, 'unmatched' | 'early'>;

/** How long packing may go on before others get their turn, ms. */
const turn = 8;

/** Runs as a page gets them. Lets others run at least every 8 ms, however many metrics a run has. */
export async function packRuns(runs: readonly Run[], markOf: (run: Run) => Mark = () => ({})): Promise<RunBatch> {
  const builder = new BatchBuilder();
  let since = performance.now();
  for (const run of runs) {
    builder.add(run, { ...headOf(run), ...markOf(run) });
    if (performance.now() - since > turn) {
      await nextTurn();
      since = performance.now();
    }
  }
  return builder.build();
}

function headOf(run: Run) {
  const { commit, branch } = runOrigin(run);
  const parentRunId = run.tags[TagKey.parentRunId];
  const source = sourceText(run);
  const models = run.modelIds;
  return {
    ...(parentRunId ? { parentRunId } : {}),
    ...(source ? { source } : {}),
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(models.length > 0 ? { models } : {}),
  };
}

/** The file or project's last part, and the entry point of a project that has several. */
function sourceText(run: Run): string | undefined {
  const { source } = runOrigin(run);
  switch (source.kind) {
    case 'none':
      return source.name || undefined;
    case 'file':
    case 'notebook':
      return lastPart(source.path);
    case 'project': {
      const name = lastPart(source.folder || (source.url ?? ''));
      return source.entryPoint === 'main' ? name : `${name} · ${source.entryPoint}`;
    }
  }
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
