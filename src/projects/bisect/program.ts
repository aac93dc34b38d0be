import path from 'node:path';
import { isAbsolute } from '../../git/locate';
import { relativePath } from '../../git/relativePath';
import { runSource } from '../../mlflow/runSource';
import { type Run, TagKey } from '../../shared/domain';

/** What is launched at each commit. */
export interface Program {
  /** Of the open repository. */
  readonly root: string;
  /** Folder of the project in it. */
  readonly inside: string;
  readonly entryPoint: string;
}

type Tagged = Pick<Run, 'tags'>;

/**
 * True when a run says that it is of this program: the same entry point of the same project, or the same script, launched
 * or started by hand.
 */
export function isOf({ root, inside, entryPoint }: Program, run: Tagged): boolean {
  const source = runSource(run);
  const script = path.posix.join(inside, entryPoint);
  const isScript = /\.(py|sh|R)$/.test(entryPoint);
  if (source.kind === 'file' && isScript) {
    const typed = path.posix.normalize(source.path);
    return isAbsolute(typed) ? isPlace(root, script, typed) : `/${script}`.endsWith(`/${typed}`);
  }
  if (source.kind !== 'project') return false;
  // MLflow writes `<address>#<folder>`, and that folder is the same on every machine.
  const folder =
    source.url === undefined ? /#(.*)$/s.exec(nameOf(run))?.[1]?.replaceAll(/^\/+|\/+$/g, '') : source.folder;
  const isIn = folder === undefined ? isPlace(root, inside, source.folder) : folder === inside;
  // A script of a folder without an MLproject may be launched from the one above.
  const whole = path.posix.join(folder ?? relativePath(root, source.folder) ?? '', source.entryPoint);
  return (isIn && source.entryPoint === entryPoint) || (isScript && whole === script);
}

/** What a run says that it is of, for people. */
export function programText(run: Tagged): string {
  const entryPoint = run.tags[TagKey.projectEntryPoint];
  return [nameOf(run), entryPoint].filter(Boolean).join(' ') || '–';
}

const nameOf = ({ tags }: Tagged) => (tags[TagKey.sourceName] ?? '').trim();

/** Elsewhere a clone is taken for one of this repository when its folder is called the same. */
function isPlace(root: string, inside: string, recorded: string): boolean {
  const below = relativePath(root, recorded);
  if (below !== undefined) return below === inside;
  return recorded.endsWith(path.posix.join('/', path.basename(root), inside).replace(/\/$/, ''));
}
