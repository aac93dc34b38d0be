import { setImmediate as nextTurn } from 'node:timers/promises';
import { runOrigin } from '../../mlflow/runSource';
import { type Run, TagKey } from '../../shared/domain';
import { BatchBuilder, type RunBatch } from '../../shared/runs/runBatch';

/** How long packing may go on before others get their turn, ms. */
const turn = 8;

/** Runs as a page gets them. Lets others run at least every 8 ms, however many metrics a run has. */
export async function packRuns(runs: readonly Run[], isMatch: (run: Run) => boolean = () => true): Promise<RunBatch> {
  const builder = new BatchBuilder();
  let since = performance.now();
  for (const run of runs) {
    builder.add(run, headOf(run, isMatch(run)));
    if (performance.now() - since > turn) {
      await nextTurn();
      since = performance.now();
    }
  }
  return builder.build();
}

function headOf(run: Run, matches: boolean) {
  const { commit, branch } = runOrigin(run);
  const parentRunId = run.tags[TagKey.parentRunId];
  const source = sourceText(run);
  const models = run.modelIds;
  return {
    ...(matches ? {} : { unmatched: true as const }),
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
