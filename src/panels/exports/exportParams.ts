import { isSafePath } from '../../shared/artifactPath';
import { imageType } from '../../shared/charts/loggedImages';
import {
  type ArtifactFile,
  type ExportMethods,
  type FilesToSave,
  type FileToSave,
  mostSavedFiles,
  type SavedKind,
  savedKinds,
} from '../../shared/protocol/exports';
import { mostChosen } from '../../shared/view/runsView';

/** A page is untrusted, as in pageParams: what is not what it should be is refused by throwing. */

const largestFile = 500_000_000;
const longestName = 200;
const longestPattern = 1_000;
const runIdPattern = /^[A-Za-z0-9][\w-]{0,63}$/;

type Params = { readonly [Name in keyof ExportMethods]: (raw: unknown) => Parameters<ExportMethods[Name]>[0] };

export const exportParams: Params = {
  saveFile: (raw): FileToSave => {
    const { suggestedName, kind, content } = fields(raw);
    const known = savedKinds.find((name) => name === kind);
    if (!known) throw refused('kind');
    const isContent = typeof content === 'string' || content instanceof Uint8Array;
    if (!isContent || content.length > largestFile) throw refused('content');
    return { suggestedName: fileName(suggestedName, known), kind: known, content };
  },
  findArtifacts: (raw) => {
    const { runIds, pattern } = fields(raw);
    if (!Array.isArray(runIds) || runIds.length > mostChosen) throw refused('runIds');
    if (typeof pattern !== 'string' || pattern.length > longestPattern) throw refused('pattern');
    return { runIds: runIds.map(runIdOf), pattern };
  },
  artifactBytes: (raw) => {
    const { runId, path, as } = fields(raw);
    if (typeof path !== 'string' || !isSafePath(path)) throw refused('path');
    if (as !== 'image' && as !== 'text' && as !== 'wholeText') throw refused('as');
    if (as === 'image' && !imageType(path)) throw refused('path of an image');
    return { runId: runIdOf(runId), path, as };
  },
  saveArtifacts: (raw): FilesToSave => {
    const { folderName, files } = fields(raw);
    if (typeof folderName !== 'string' || !isFileName(folderName)) throw refused('folderName');
    if (!Array.isArray(files) || files.length === 0 || files.length > mostSavedFiles) throw refused('files');
    return { folderName, files: files.map(artifactFile) };
  },
};

function artifactFile(raw: unknown): ArtifactFile {
  const { runId, path, name } = fields(raw);
  if (typeof path !== 'string' || !isSafePath(path)) throw refused('path');
  if (typeof name !== 'string' || !name.split('/').every(isFileName)) throw refused('name');
  return { runId: runIdOf(runId), path, name };
}

/** A name that may be suggested for a file. */
export function fileName(raw: unknown, kind: SavedKind): string {
  if (typeof raw !== 'string' || !isFileName(raw) || !raw.endsWith(`.${kind}`)) throw refused('suggestedName');
  return raw;
}

/** A name alone: no folder, no drive, nothing that a system gives a meaning. */
function isFileName(name: string): boolean {
  const hasControl = [...name].some((character) => character < ' ' || character === '\u007f');
  return (
    name.length > 0 && name.length <= longestName && !hasControl && !/[\\/:*?"<>|]/.test(name) && !/^\.|\.\./.test(name)
  );
}

function runIdOf(value: unknown): string {
  if (typeof value !== 'string' || !runIdPattern.test(value)) throw refused('runId');
  return value;
}

function fields(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw refused('parameters');
  return raw as Record<string, unknown>;
}

const refused = (name: string) => new Error(`The page sent something else than ${name}.`);
