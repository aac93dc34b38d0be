import type { ColumnId } from '../runs/column';
import type { RunsView } from '../view/runsView';
import type { RunsQuestion } from './runs';

export const exportFormats = ['csv', 'csvGuarded', 'json'] as const;
/** `csvGuarded` is for spreadsheets: texts that they would run as formulas are guarded. */
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportQuestion {
  /** Runs that match it are exported, in its order. */
  readonly question: RunsQuestion;
  /** Of a CSV; JSON has everything of a run, and of its metrics what these columns are computed from. */
  readonly columns: readonly ColumnId[];
  readonly better: RunsView['better'];
  /** How many runs there will be, as far as the page knows: for the progress. */
  readonly expected?: number;
}

export interface ExportBeginning {
  readonly runs: number;
  /** Histories that have to be read first, for columns that are computed from them. */
  readonly histories: number;
}

export interface PointsBeginning {
  /** Without folders; the person may choose another. */
  readonly suggestedName: string;
  /** Runs whose points are written. */
  readonly runs: number;
}

export interface BegunExport {
  readonly exportId: number;
  readonly format: ExportFormat;
  /** Whether they are to be read; columns that are computed from them are left out otherwise. */
  readonly histories: boolean;
}

/** What rows of the table need of the host beside `RunsMethods`. */
export interface RowsMethods {
  /** Filters that were applied on this server in this workspace, the latest first. */
  recentFilters: (params: Record<string, never>) => readonly string[];
  noteFilter: (params: { readonly filter: string }) => void;
  /** What the open repositories know of the commit of a run that is looked at; '' where that is nothing. */
  commitText: (params: { readonly commit: string }) => string;
  /** Asks for format and file, then reads all runs from the server and writes them. Goes on when the page is hidden. */
  exportAll: (params: ExportQuestion) => void;
  /** Asks for format and file; then the page sends its rows as text. Nothing when the person cancelled. */
  beginExport: (params: ExportBeginning) => BegunExport | Record<string, never>;
  /** Asks for a file; then the page sends a chart's points as CSV. Nothing when the person cancelled. */
  beginPoints: (params: PointsBeginning) => { readonly exportId?: number };
  /**
   * `runs` is how many are in `text`. The answer comes when it is written; `cancelled` says that no more is wanted. A
   * page that is silent for a minute and a half is taken to be gone: one that is busy sends empty texts.
   */
  exportChunk: (params: { readonly exportId: number; readonly text: string; readonly runs: number }) => {
    readonly cancelled: boolean;
  };
  /** Puts the file in its place and says where it is. With a problem, that is told, and nothing is left of the file. */
  endExport: (params: { readonly exportId: number; readonly problem?: string }) => void;
}
