import path from 'node:path';
import * as vscode from 'vscode';
import { fileAtCommit, isAbsolute, type Located, locateFile } from '../../git/locate';
import { relativePath } from '../../git/relativePath';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunOrigin } from '../../mlflow/runSource';
import { shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import type { Code } from '../checkouts/besideData';
import { moduleOf } from '../command/pythonModule';

export interface Place {
  /** Folder of the project in the repository. */
  readonly inside: string;
  /** Of the entry point. */
  readonly name: string;
  /** A script that is started as this one of a package in that folder. */
  readonly module?: string;
}

/**
 * Where in its repository the project of a run is, and what of it was run. Throws `MlflowError`, or a `CancellationError`
 * when several files may be meant and the person chooses none.
 */
export async function placeOf(
  run: Run,
  { source }: RunOrigin,
  isOpen: boolean,
  commit: string,
  code: Code,
): Promise<Place> {
  const { repository, tree, files } = code;
  switch (source.kind) {
    case 'project': {
      // MLflow writes `<address>#<folder>`, and that folder is the same on every machine.
      const fragment = /#(.*)$/s.exec(run.tags['mlflow.source.name'] ?? '')?.[1]?.replaceAll(/^\/+|\/+$/g, '');
      const below = isOpen ? relativePath(repository.root, source.folder) : undefined;
      const inside = fragment ?? (source.url === undefined ? (below ?? '') : source.folder);
      if (inside.split('/').includes('..')) break;
      return { inside, name: source.entryPoint };
    }
    case 'file': {
      const { path: recorded } = source;
      const located = isOpen ? await fileAtCommit(repository, tree, recorded, files) : locateFile(files, recorded, []);
      const file = await oneOf(located, recorded, commit);
      return (await modulePlace(file, recorded, code)) ?? scriptPlace(file, recorded);
    }
    case 'notebook':
    case 'none':
      break;
  }
  throw new MlflowError('invalid', vscode.l10n.t('Run {0} does not say what was run, or not where.', run.name), {
    advice: vscode.l10n.t('Runs of an MLproject and of a script inside a repository can be reproduced.'),
  });
}

async function oneOf(located: Located, recorded: string, commit: string): Promise<string> {
  if (located.kind === 'one') return located.file;
  const id = shortId(commit);
  if (located.kind === 'none')
    throw new MlflowError('notFound', vscode.l10n.t('At commit {0} there is no file {1}.', id, recorded), {
      advice: vscode.l10n.t('The run may have been made from another commit than its tags say.'),
    });
  const placeHolder = vscode.l10n.t('Several files at {0} may be {1}: choose one', id, recorded);
  const chosen = await vscode.window.showQuickPick(located.files, {
    title: vscode.l10n.t('Source of the Run'),
    placeHolder,
  });
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen;
}

/** `python -m` records the module's file in full. */
async function modulePlace(file: string, recorded: string, code: Code): Promise<Place | undefined> {
  const text = Buffer.from(await code.repository.readFile(code.tree, file)).toString('utf8');
  const found = moduleOf(file, text, code.files, !isAbsolute(recorded));
  if (!found) return undefined;
  const { folder: inside, module } = found;
  return { inside, name: file.slice(inside === '' ? 0 : inside.length + 1), module };
}

/** A path that was typed leads from where the person was; one in full says nothing of that, and the root is taken. */
function scriptPlace(file: string, recorded: string): Place {
  const typed = path.posix.normalize(recorded);
  return !isAbsolute(typed) && file.endsWith(`/${typed}`)
    ? { inside: file.slice(0, -typed.length - 1), name: typed }
    : { inside: '', name: file };
}
