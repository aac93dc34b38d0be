import type { ExportQuestion, RowsMethods } from '../shared/protocol/rows';
import { decodeBetter } from '../shared/view/runsView';
import { fileName } from './exports/exportParams';
import { fields, filterText, list, longestText, refused, runsQuestion, text, whole } from './pageParams';

/** Columns of one export. */
const mostColumns = 20_000;
const longestProblem = 2_000;

type Params<Name extends keyof RowsMethods> = Parameters<RowsMethods[Name]>[0];

export const rowsParams = {
  recentFilters: (): Params<'recentFilters'> => ({}),
  noteFilter: (raw: unknown): Params<'noteFilter'> => ({ filter: filterText(fields(raw).filter) }),
  commitText: (raw: unknown): Params<'commitText'> => ({ commit: text(fields(raw).commit, 'commit') }),
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
  beginPoints: (raw: unknown): Params<'beginPoints'> => {
    const { suggestedName, runs } = fields(raw);
    return { suggestedName: fileName(suggestedName, 'csv'), runs: whole(runs, 'runs') };
  },
  exportChunk: (raw: unknown): Params<'exportChunk'> => {
    const { exportId, text: chunk, runs } = fields(raw);
    if (typeof chunk !== 'string' || chunk.length > longestText) throw refused('text');
    return { exportId: whole(exportId, 'exportId'), text: chunk, runs: whole(runs, 'runs') };
  },
  endExport: (raw: unknown): Params<'endExport'> => {
    const { exportId, problem } = fields(raw);
    const id = whole(exportId, 'exportId');
    if (problem === undefined) return { exportId: id };
    if (typeof problem !== 'string') throw refused('problem');
    return { exportId: id, problem: problem.slice(0, longestProblem) };
  },
};
