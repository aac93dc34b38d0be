import { type Run, TagKey } from '../shared/domain';

/** A run with its children under it. */
export interface RunRow {
  readonly run: Run;
  /** False for a parent that is shown only because a child matches. */
  readonly matches: boolean;
  readonly children: readonly RunRow[];
}

export const parentOf = (run: Pick<Run, 'tags'>): string | undefined => run.tags[TagKey.parentRunId] || undefined;

/**
 * Children under their parents, whatever the order of `runs`: each run stands once, siblings keep their order, a parent
 * that does not match stands where its first child would. Runs that are their own ancestors stand at the top.
 * `pinned` do not match either but were asked for: they stand first.
 */
export function nestRuns(
  runs: readonly Run[],
  parents: readonly Run[],
  pinned: readonly Run[] = [],
): readonly RunRow[] {
  const matching = new Map(runs.map((run) => [run.runId, run]));
  const others = [...parents, ...pinned].map((run) => [run.runId, run] as const);
  const known = new Map([...others, ...matching]);
  const childrenOf = new Map<string | undefined, string[]>();
  const placed = new Set<string>();
  const place = (run: Run): void => {
    if (placed.has(run.runId)) return;
    placed.add(run.runId);
    const parent = known.get(parentOf(run) ?? '');
    const under = parent && !isAncestor(run.runId, parent, known) ? parent.runId : undefined;
    if (parent && under !== undefined && !matching.has(under)) place(parent);
    const siblings = childrenOf.get(under);
    if (siblings) siblings.push(run.runId);
    else childrenOf.set(under, [run.runId]);
  };
  for (const run of [...pinned, ...matching.values()]) place(known.get(run.runId) ?? run);
  const rowsUnder = (id: string | undefined): readonly RunRow[] =>
    (childrenOf.get(id) ?? []).flatMap((runId) => {
      const run = known.get(runId);
      return run ? [{ run, matches: matching.has(runId), children: rowsUnder(runId) }] : [];
    });
  return rowsUnder(undefined);
}

/** Ids of parents that are named but not among the known runs. */
export function missingParents(runs: Iterable<Run>, known: (runId: string) => boolean): readonly string[] {
  const missing = new Set<string>();
  for (const run of runs) {
    const parent = parentOf(run);
    if (parent !== undefined && !known(parent)) missing.add(parent);
  }
  return [...missing];
}

/** Whether `runId` is `run` or above it. */
function isAncestor(runId: string, run: Run, known: ReadonlyMap<string, Run>): boolean {
  const seen = new Set<string>();
  for (let at: Run | undefined = run; at && !seen.has(at.runId); at = known.get(parentOf(at) ?? '')) {
    if (at.runId === runId) return true;
    seen.add(at.runId);
  }
  return false;
}
