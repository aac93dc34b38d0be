import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { messages } from '../../platform/messages';
import { type PythonCommand, uvxPython } from '../../platform/python';
import { runPython } from './runPython';
import {
  backupName,
  backupScript,
  databaseVerdict,
  decodeStoreReport,
  refusesFileStore,
  reportScript,
  type StoreReport,
} from './storeReport';

/** What `mlflow server` is to be started on. */
export interface PreparedStore {
  readonly backendStore: string;
  readonly python: PythonCommand;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Preparation {
  readonly python: PythonCommand;
  /** Absolute path of the folder that holds the store. */
  readonly folder: string;
  readonly onOutput: (text: string) => void;
  /** `uvx`, when this machine has it: it can fetch another MLflow. */
  readonly uvx: string | undefined;
}

/**
 * A folder outside the workspace: Python puts the working directory first on its path, and no file of the workspace
 * may stand in for a module of the checks.
 */
const neutralFolder = path.dirname(process.execPath);

async function report({ python }: Preparation, database: string | undefined): Promise<StoreReport> {
  const args = ['-c', reportScript, ...(database === undefined ? [] : [database])];
  return decodeStoreReport(await runPython(python, args, { cwd: neutralFolder }));
}

/**
 * A server upgrades an older database when it starts, without asking, and older MLflows cannot read it any more: so it
 * is found out first, asked, and the file copied. Undefined when the person said no.
 */
export async function prepareDatabase(preparation: Preparation, database: string): Promise<PreparedStore | undefined> {
  const file = path.join(preparation.folder, database);
  const found = await report(preparation, file);
  const mlflow = requireMlflow(found, preparation.python);
  switch (databaseVerdict(found)) {
    case 'ready':
      break;
    case 'broken':
      throw new MlflowError('invalid', vscode.l10n.t('{0} is no SQLite database.', database), {
        advice: vscode.l10n.t('Move it away, or use a server that runs already.'),
      });
    case 'newer':
      throw newerThan(database, mlflow, preparation.python);
    case 'older':
      if (!(await upgrade(preparation, database, mlflow))) return undefined;
  }
  return { python: preparation.python, backendStore: `sqlite:///${database}` };
}

function requireMlflow(found: StoreReport, python: PythonCommand): string {
  if (found.mlflow) return found.mlflow;
  throw new MlflowError('invalid', vscode.l10n.t('MLflow is not installed in {0}.', python.label), {
    advice: vscode.l10n.t('Install it there with "pip install mlflow", or set flowdeck.python.path.'),
  });
}

const newerThan = (database: string, mlflow: string, python: PythonCommand) =>
  new MlflowError(
    'invalid',
    vscode.l10n.t('{0} was written by a later MLflow than the {1} of {2}.', database, mlflow, python.label),
    { advice: vscode.l10n.t('Upgrade MLflow there, or set flowdeck.python.path to an interpreter that has it.') },
  );

async function upgrade(preparation: Preparation, database: string, mlflow: string): Promise<boolean> {
  const { python, folder, onOutput } = preparation;
  const file = path.join(folder, database);
  const copy = backupName(file, new Date());
  const agree = vscode.l10n.t('Upgrade After Making a Copy');
  const chosen = await messages.showWarningMessage(
    vscode.l10n.t('{0} was written by an earlier MLflow and has to be upgraded for MLflow {1}.', database, mlflow),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Earlier versions of MLflow cannot read it afterwards. It is copied to {0} before.',
        path.basename(copy),
      ),
    },
    agree,
  );
  if (chosen !== agree) return false;
  await shown(vscode.l10n.t('Upgrading {0}', database), async () => {
    await runPython(python, ['-c', backupScript, file, copy], { cwd: neutralFolder, onOutput });
    onOutput(`${vscode.l10n.t('{0} was copied to {1}.', database, copy)}\n`);
    await runPython(python, ['-m', 'mlflow', 'db', 'upgrade', `sqlite:///${database}`], { cwd: folder, onOutput });
  });
  return true;
}

/** Progress without a Cancel: a database is not left half-way. */
const shown = (title: string, task: () => Promise<void>) =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, task);

interface FileStoreChoice extends vscode.QuickPickItem {
  readonly choose: () => Promise<PreparedStore>;
}

/** `mlruns/` is served as it is by MLflow up to 3.12; later ones refuse it, and there are choices that work. */
export async function prepareFileStore(preparation: Preparation): Promise<PreparedStore | undefined> {
  const mlflow = requireMlflow(await report(preparation, undefined), preparation.python);
  const asItIs: PreparedStore = { python: preparation.python, backendStore: './mlruns' };
  if (!refusesFileStore(mlflow)) return asItIs;
  const picked = await vscode.window.showQuickPick(fileStoreChoices(preparation, asItIs), {
    title: vscode.l10n.t('MLflow {0} no longer serves mlruns folders by itself', mlflow),
    placeHolder: vscode.l10n.t('How to go on'),
    ignoreFocusOut: true,
  });
  return picked?.choose();
}

function fileStoreChoices(preparation: Preparation, asItIs: PreparedStore): FileStoreChoice[] {
  const { uvx } = preparation;
  const migrate: FileStoreChoice = {
    label: `$(database) ${vscode.l10n.t('Copy into a Database')}`,
    detail: vscode.l10n.t('Runs "mlflow migrate-filestore" into mlflow.db; mlruns stays as it is. Recommended.'),
    choose: () => migrateFileStore(preparation),
  };
  const allow: FileStoreChoice = {
    label: `$(folder) ${vscode.l10n.t('Serve It Anyway')}`,
    detail: vscode.l10n.t('Sets MLFLOW_ALLOW_FILE_STORE for this server. Slower, and in maintenance mode.'),
    choose: async () => ({ ...asItIs, environment: { MLFLOW_ALLOW_FILE_STORE: 'true' } }),
  };
  const older: FileStoreChoice = {
    label: `$(history) ${vscode.l10n.t('Use MLflow 3.12 through uv')}`,
    detail: vscode.l10n.t('Fetches an MLflow that serves mlruns folders, for this server only.'),
    choose: async () => ({ ...asItIs, python: uvxPython(uvx ?? 'uvx', 'mlflow>=3,<3.13') }),
  };
  const canMigrate = !existsSync(path.join(preparation.folder, 'mlflow.db'));
  return [...(canMigrate ? [migrate] : []), allow, ...(uvx ? [older] : [])];
}

/** Under another name until it is complete: half a copy would be served as if it were all. */
async function migrateFileStore({ python, folder, onOutput }: Preparation): Promise<PreparedStore> {
  const unfinished = 'mlflow.db.migrating';
  const target = `sqlite:///${unfinished}`;
  const args = ['-m', 'mlflow', 'migrate-filestore', '--source', 'mlruns', '--target', target];
  await shown(vscode.l10n.t('Copying mlruns into mlflow.db'), async () => {
    await fs.rm(path.join(folder, unfinished), { force: true });
    await runPython(python, args, { cwd: folder, onOutput });
    await fs.rename(path.join(folder, unfinished), path.join(folder, 'mlflow.db'));
  });
  return { python, backendStore: 'sqlite:///mlflow.db' };
}
