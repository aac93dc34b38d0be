import type { ArtifactInfo, DatasetInput, LoggedModel, Metric, ModelVersion, Run } from '../../shared/domain';
import type { TaggedModel } from './modelTag';
import { rangesOf } from './ranges';

export type SectionId = 'overview' | 'source' | 'params' | 'metrics' | 'tags' | 'datasets' | 'models' | 'artifacts';

/** What every row has: commands of other features find the run by `runId`. */
export interface RowOfRun {
  readonly runId: string;
  /** Unique in the view and the same after every refresh: what is expanded or selected stays so. */
  readonly id: string;
  readonly label: string;
  /** What "Copy Value" gives, in full. */
  readonly copyText?: string;
}

/** A value behind a name. */
export interface DetailRow extends RowOfRun {
  readonly kind: 'detail';
  readonly copyText: string;
  /** As the row shows it, when that is not `copyText`. */
  readonly shown?: string;
  /** More for the tooltip. */
  readonly note?: string;
  readonly icon?: string;
}

export type RunNode = DetailRow | (RowOfRun & OtherRow);

type OtherRow =
  | { readonly kind: 'header'; readonly run: Run }
  /** `count` of what stands below; undefined where nobody knows before asking. */
  | { readonly kind: 'section'; readonly section: SectionId; readonly run: Run; readonly count?: number }
  | { readonly kind: 'group'; readonly items: readonly RunNode[]; readonly icon?: string }
  | { readonly kind: 'range'; readonly start: number; readonly items: readonly RunNode[] }
  | { readonly kind: 'folder'; readonly run: Run; readonly prefix: string; readonly members: readonly Metric[] }
  | { readonly kind: 'metric'; readonly run: Run; readonly metric: Metric }
  | {
      readonly kind: 'commit';
      readonly commit: string;
      readonly branch?: string;
      readonly repoUrl?: string;
      readonly dirty?: boolean;
      /** Where a model that the run logged says it, and its own tags say nothing. */
      readonly ofModel?: { readonly taggable: boolean };
    }
  /** `strange` is what the tag holds instead; `ofModel` where a model that the run logged may name one. */
  | { readonly kind: 'noCommit'; readonly strange?: string; readonly taggable: boolean; readonly ofModel: boolean }
  | { readonly kind: 'dataset'; readonly dataset: DatasetInput }
  /** `model` is undefined when the server has no such model (any more). */
  | {
      readonly kind: 'loggedModel';
      readonly modelId: string;
      readonly model?: LoggedModel;
      readonly versions: readonly ModelVersion[];
    }
  | { readonly kind: 'taggedModel'; readonly model: TaggedModel; readonly versions: readonly ModelVersion[] }
  | { readonly kind: 'version'; readonly version: ModelVersion }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactInfo }
  | { readonly kind: 'refusedArtifact'; readonly listedAs: string }
  | { readonly kind: 'note' }
  /** `readAt`: when what is shown beside it was read, ms. */
  | { readonly kind: 'problem'; readonly error: unknown; readonly readAt?: number };

export type Parent = Pick<RowOfRun, 'id' | 'runId'>;

/** The rows themselves, or ranges of them when they are too many for one level. */
export function paged(parent: Parent, rows: readonly RunNode[], start = 0): readonly RunNode[] {
  const ranges = rangesOf(rows);
  if (!ranges) return rows;
  return ranges.map((range): RunNode => {
    const first = start + range.start;
    const last = first + range.items.length;
    return {
      kind: 'range',
      runId: parent.runId,
      id: `${parent.id}/~${first}`,
      label: `${first + 1}–${last}`,
      start: first,
      items: range.items,
    };
  });
}

/** Each kind is divided by itself: a few folders are not hidden in ranges of thousands of others. */
export const foldersFirst = (
  parent: Parent,
  folders: readonly RunNode[],
  others: readonly RunNode[],
): readonly RunNode[] => [...paged({ ...parent, id: `${parent.id}/folders` }, folders), ...paged(parent, others)];
