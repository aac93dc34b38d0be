import * as vscode from 'vscode';
import { isCancelled } from '../mlflow/mlflowError';
import { isCommitId } from '../shared/commitId';
import type { RowsMethods } from '../shared/protocol/rows';
import type { Handlers } from '../shared/rpc';
import { askForPlace, offerToOpen } from './exports/saveFile';
import type { PanelContext } from './panelContext';
import { rowsParams } from './rowsParams';
import { askHistories } from './runs/askHistories';
import { announce, exportAll, historiesOf } from './runs/exportRuns';
import { chooseTarget } from './runs/exportTarget';
import { PageExports } from './runs/pageExports';
import { RecentFilters } from './runs/recentFilters';

/** Answers what rows of the table need: filters that were used, and files of runs. */
export function rowsHandlers(context: PanelContext): Handlers<RowsMethods> {
  const { services, serverUri, queries } = context;
  const { commands } = services.platform;
  const recent = () => new RecentFilters(services.platform.context.workspaceState);
  const exports = new PageExports(commands);
  context.onDispose(() => exports.dispose());
  const target = () => chooseTarget(vscode.l10n.t('Export Runs'), context.title());
  /** A failure is the host's to tell: the page has nothing to do about it. */
  const reporting = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isCancelled(error)) commands.report(vscode.l10n.t('export the runs'), error);
      return undefined;
    }
  };
  return {
    recentFilters: { decode: rowsParams.recentFilters, handle: () => recent().of(serverUri) },
    noteFilter: { decode: rowsParams.noteFilter, handle: ({ filter }) => recent().note(serverUri, filter) },
    commitText: {
      decode: rowsParams.commitText,
      handle: async ({ commit }) => {
        const wanted = commit.trim().toLowerCase();
        return (isCommitId(wanted) && (await services.runs.commitText({ commit: wanted }))) || '';
      },
    },
    exportAll: {
      decode: rowsParams.exportAll,
      handle: async (question) => {
        await reporting(async () => {
          const chosen = await target();
          const histories = chosen && (await askHistories(historiesOf(question), serverUri));
          if (!chosen || histories === undefined) return;
          // Not the page's signal: hiding the tab does not end it, its own Cancel does.
          const search = await queries.search(question.question, new AbortController().signal);
          const { extremes } = context;
          await exportAll({ question, search, target: chosen, histories, store: await context.store(), extremes });
        });
      },
    },
    beginExport: {
      decode: rowsParams.beginExport,
      handle: async ({ runs, histories: reads }) => {
        const chosen = await target();
        const histories = chosen && (await askHistories(reads, serverUri));
        if (!chosen || histories === undefined) return {};
        const exportId = await reporting(() =>
          exports.begin(chosen.uri, {
            action: vscode.l10n.t('export the runs'),
            title: vscode.l10n.t('Exporting runs'),
            expected: runs,
            done: (uri, written) => announce(uri, written, 0),
          }),
        );
        return exportId === undefined ? {} : { exportId, format: chosen.format, histories };
      },
    },
    beginPoints: {
      decode: rowsParams.beginPoints,
      handle: async ({ suggestedName, runs }) => {
        const uri = await askForPlace(suggestedName, 'csv');
        if (!uri) return {};
        const action = vscode.l10n.t('save the points');
        try {
          const title = vscode.l10n.t('Saving points');
          return { exportId: await exports.begin(uri, { action, title, expected: runs, done: offerToOpen }) };
        } catch (error) {
          commands.report(action, error);
          return {};
        }
      },
    },
    exportChunk: {
      decode: rowsParams.exportChunk,
      handle: async ({ exportId, text, runs }) => ({ cancelled: await exports.write(exportId, text, runs) }),
    },
    endExport: {
      decode: rowsParams.endExport,
      handle: ({ exportId, problem }) => exports.end(exportId, problem),
    },
  };
}
