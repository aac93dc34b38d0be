import * as vscode from 'vscode';
import { environments } from '../../experiments/run/environments';
import { webLink } from '../../git/webLink';
import { toUriParts } from '../../mlflow/artifactUri';
import { runOrigin } from '../../mlflow/runSource';
import { webUrl } from '../../mlflow/serverAddress';
import { settings } from '../../platform/settings';
import { nameOf } from '../../shared/artifactPath';
import type { Run } from '../../shared/domain';
import type { ArtifactDiff, CompareMethods, RunLinks } from '../../shared/protocol/compare';
import type { Handlers } from '../../shared/rpc';
import type { PanelContext } from '../panelContext';
import { artifactHashes, artifactLevel } from './artifacts';
import { compareParams } from './compareParams';
import { saveReport } from './saveReport';

/** Answers to what the comparison asks. */
export function compareHandlers(context: PanelContext): Handlers<CompareMethods> {
  const { contacting, serverUri } = context;
  return {
    environments: {
      decode: compareParams.environments,
      handle: ({ runIds }, signal) =>
        contacting(async () => {
          const runs = await runsInOrder(context, runIds, signal);
          const found = await environments(
            await context.store(),
            runs.filter((run) => run !== undefined),
            signal,
          );
          return runIds.map((runId) => found.find((environment) => environment.runId === runId) ?? gone(runId));
        }),
    },
    artifactLevel: {
      decode: compareParams.artifactLevel,
      handle: ({ runIds, path }, signal) =>
        contacting(async () => artifactLevel(await context.store(), runIds, path, signal)),
    },
    artifactHashes: {
      decode: compareParams.artifactHashes,
      handle: ({ runIds, path }, signal) =>
        contacting(async () => artifactHashes(await context.store(), runIds, path, signal)),
    },
    diffArtifacts: {
      decode: compareParams.diffArtifacts,
      handle: (params, signal) => diffArtifacts(context, params, signal),
    },
    reportLinks: {
      decode: compareParams.reportLinks,
      handle: async ({ runIds }, signal) => {
        const runs = await runsInOrder(context, runIds, signal);
        return runs.map((run) => (run ? linksOf(run, serverUri) : { run: serverUri }));
      },
    },
    saveReport: {
      decode: compareParams.saveReport,
      handle: async (report) => ({ saved: await saveReport(report) }),
    },
  };
}

async function runsInOrder({ queries }: PanelContext, runIds: readonly string[], signal: AbortSignal) {
  const runs = new Map((await queries.byId(runIds, signal)).map((run) => [run.runId, run]));
  return runIds.map((runId) => runs.get(runId));
}

const gone = (runId: string) => ({
  runId,
  python: '',
  packages: [],
  files: [],
  problem: vscode.l10n.t('The run is no longer on the server.'),
});

function linksOf(run: Run, serverUri: string): RunLinks {
  const { commit, repoUrl } = runOrigin(run);
  const page =
    commit === undefined || repoUrl === undefined
      ? undefined
      : webLink(repoUrl, { commit }, settings.remoteHosts.get());
  const { experimentId, runId } = run;
  return { run: webUrl(serverUri, { experimentId, runId }), ...(page === undefined ? {} : { commit: page }) };
}

/** Both sides are read by the file system of artifacts, which says what it cannot read. */
async function diffArtifacts(context: PanelContext, { a, others, path }: ArtifactDiff, signal: AbortSignal) {
  const { serverUri, services } = context;
  const uriOf = (runId: string) => vscode.Uri.from(toUriParts(serverUri, { runId, path }));
  const nameOfRun = (runId: string) => services.runs.cachedRun(runId)?.name ?? runId.slice(0, 8);
  const [only] = others;
  const b = others.length > 1 ? await askOther(context, nameOf(path), others, signal) : only;
  if (b === undefined) return;
  const title = vscode.l10n.t('{0}: {1} ↔ {2}', nameOf(path), nameOfRun(a), nameOfRun(b));
  await vscode.commands.executeCommand('vscode.diff', uriOf(a), uriOf(b), title, { preview: true });
}

/** Names may be those of several runs: id and time tell them apart. */
async function askOther(context: PanelContext, file: string, runIds: readonly string[], signal: AbortSignal) {
  const runs = await runsInOrder(context, runIds, signal);
  const items = runIds.map((runId, at) => {
    const run = runs[at];
    const time = run?.startTime ? new Date(run.startTime).toLocaleString() : '';
    return { label: run?.name ?? runId, description: runId.slice(0, 8), detail: time, runId };
  });
  const title = vscode.l10n.t('Diff {0}', file);
  const placeHolder = vscode.l10n.t('With which run?');
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.runId;
}
