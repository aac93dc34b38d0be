import * as vscode from 'vscode';
import type { HostMethods } from '../shared/protocol/protocol';
import type { RunsMethods } from '../shared/protocol/runs';
import type { SeriesMethods } from '../shared/protocol/series';
import type { Handlers } from '../shared/rpc';
import { compareHandlers } from './compare/compareHandlers';
import { exportHandlers } from './exports/exportHandlers';
import { runsParams, seriesParams } from './pageParams';
import type { PanelContext } from './panelContext';
import { rowsHandlers } from './rowsHandlers';
import { editRun } from './runs/editRun';
import { packRuns } from './runs/packRuns';
import { runPageCommand } from './runs/pageCommands';

/** One handler for every method a page may call. */
export function pageHandlers(context: PanelContext): Handlers<HostMethods> {
  return {
    ...runsHandlers(context),
    ...seriesHandlers(context),
    ...rowsHandlers(context),
    ...compareHandlers(context),
    ...exportHandlers(context),
  };
}

function runsHandlers(context: PanelContext): Handlers<RunsMethods> {
  const { queries, services, contacting } = context;
  const { runs } = services;
  return {
    open: { decode: runsParams.open, handle: (_, signal) => context.open(signal) },
    queryRuns: {
      decode: runsParams.queryRuns,
      handle: async (question, signal) => {
        const page = await contacting(async () => {
          // Who presses Refresh when the server is back gets an answer of its own.
          await context.store(true);
          return queries.query(question, signal);
        });
        context.answered(page);
        return page;
      },
    },
    moreRuns: {
      decode: runsParams.moreRuns,
      handle: ({ queryId, all }, signal) => contacting(() => queries.more(queryId, all, signal)),
    },
    countRuns: {
      decode: runsParams.queryOnly,
      handle: async ({ queryId }, signal) => {
        const total = await queries.count(queryId, signal);
        return total === undefined ? {} : { total };
      },
    },
    runsById: {
      decode: runsParams.runIdsOnly,
      handle: ({ runIds }, signal) => contacting(async () => packRuns(await queries.byId(runIds, signal))),
    },
    hasNewRuns: {
      decode: runsParams.queryOnly,
      handle: ({ queryId }, signal) => contacting(() => queries.hasNew(queryId, signal)),
    },
    metricExtremes: {
      decode: runsParams.metricExtremes,
      handle: ({ key, runIds }, signal) =>
        contacting(async () => context.extremes.read(await context.store(), key, runIds, signal)),
    },
    editRun: { decode: runsParams.editRun, handle: (edit) => editRun(edit, context.serverUri, services) },
    runColors: { decode: runsParams.runIdsOnly, handle: ({ runIds }) => runIds.map((runId) => runs.colorOf(runId)) },
    reveal: { decode: runsParams.runIdOnly, handle: ({ runId }) => reveal(context, runId) },
    highlight: { decode: runsParams.highlight, handle: ({ runId }) => context.highlight(runId) },
    runCommand: { decode: runsParams.runCommand, handle: (params) => runPageCommand(params) },
    copy: { decode: runsParams.copy, handle: async ({ text }) => vscode.env.clipboard.writeText(text) },
    keepView: { decode: runsParams.keepView, handle: ({ view }) => context.keepView(view) },
  };
}

function seriesHandlers({ series, ahead, contacting }: PanelContext): Handlers<SeriesMethods> {
  return {
    series: {
      decode: seriesParams.series,
      handle: (question, signal) => ahead.take(question, signal) ?? contacting(() => series.series(question, signal)),
    },
    newPoints: {
      decode: seriesParams.newPoints,
      handle: ({ key, after }, signal) => contacting(() => series.newPoints(key, after, signal)),
    },
    history: {
      decode: seriesParams.history,
      handle: (question, signal) => contacting(() => series.history(question, signal)),
    },
    count: {
      decode: seriesParams.count,
      handle: ({ key, runIds }, signal) => series.count(key, runIds, signal),
    },
  };
}

async function reveal({ services }: PanelContext, runId: string): Promise<void> {
  try {
    await services.runs.reveal(runId);
  } catch (error) {
    services.platform.commands.report(vscode.l10n.t('show the run'), error);
  }
}
