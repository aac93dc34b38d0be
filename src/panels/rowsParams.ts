import type { ExportQuestion, RowsMethods } from '../shared/protocol/rows';
import { decodeBetter } from '../shared/view/runsView';
import { fields, filterText, list, longestText, refused, runsQuestion, text, whole } from './pageParams';

/** Columns of one export. */
const mostColumns = 20_000;

type Params<Name extends keyof RowsMethods> = Parameters<RowsMethods[Name]>[0];

export const rowsParams = {
  recentFilters: (): Params<'recentFilters'> => ({}),
  noteFilter: (raw: unknown): Params<'noteFilter'> => ({ filter: filterText(fields(raw).filter) }),
  exportAll: (raw: unknown): ExportQuestion => {
    const { question, columns, expected, better } = fields(raw);
    return {
      question: runsQuestion(question),
      columns: list(columns, 'columns', mostColumns).map((id) => text(id, 'columns')),
      better: decodeBetter(better),
      ...(expected === undefined ? {} : { expected: whole(expected, 'expected') }),
    };
  },
  beginExport: (raw: unknown): Params<'beginExport'> => {
    const { runs, histories } = fields(raw);
    return { runs: whole(runs, 'runs'), histories: whole(histories, 'histories') };
  },
  exportChunk: (raw: unknown): Params<'exportChunk'> => {
    const { exportId, text: chunk, runs } = fields(raw);
    if (typeof chunk !== 'string' || chunk.length > longestText) throw refused('text');
    return { exportId: whole(exportId, 'exportId'), text: chunk, runs: whole(runs, 'runs') };
  },
  endExport: (raw: unknown): Params<'endExport'> => ({ exportId: whole(fields(raw).exportId, 'exportId') }),
};
