import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findPython } from '../../platform/python';
import type { Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { ownBackends, pluginBackends } from '../backends/backends';
import { backendOf, givenOf } from '../request/givenTags';
import type { RunBackend } from './runsIn';

/** Undefined for a run that was made here, as far as its tags say. */
export async function runBackend(run: Run, folder: vscode.WorkspaceFolder): Promise<RunBackend | undefined> {
  const name = backendOf(run.tags);
  if (name === undefined) return undefined;
  const { backendConfig } = givenOf(run.tags);
  const problem = await problemOf(name, backendConfig, folder);
  return { name, config: backendConfig ?? '', ...(problem === undefined ? {} : { problem }) };
}

async function problemOf(
  name: string,
  config: string | undefined,
  folder: vscode.WorkspaceFolder,
): Promise<string | undefined> {
  const python = await findPython(folder);
  const isKnown = ownBackends.some((own) => own === name) || (await pluginBackends(python)).includes(name);
  const shown = oneLine(name, 80);
  if (!isKnown)
    return vscode.l10n.t(
      'It was made on the backend {0}, which {1} does not know: it is launched here.',
      shown,
      python.label,
    );
  if (config === undefined)
    return vscode.l10n.t(
      'It was made on the backend {0}, and nobody recorded with which configuration: it is launched here.',
      shown,
    );
  const file = path.resolve(folder.uri.fsPath, config);
  const isThere = await fs.access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return undefined;
  return vscode.l10n.t(
    'It was made on the backend {0}, whose configuration {1} is not here: it is launched here.',
    shown,
    oneLine(config),
  );
}
