import type { ArtifactFile } from '../protocol/exports';
import type { LoggedImage } from './loggedImages';

/** A name that every system takes; `other` where nothing is left of the text. */
export function plainName(text: string, other: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/\.{2,}|^[.-]+|[.-]+$/g, '')
    .slice(0, 80);
  return plain || other;
}

export interface FoundFile {
  readonly runId: string;
  readonly run: string;
  readonly path: string;
  /** What it shows, where it is an image. */
  readonly image?: LoggedImage;
}

/** Copies of artifacts: a folder for each run, images by key and step, no two files of one name whatever the case. */
export function filesToSave(found: readonly FoundFile[]): readonly ArtifactFile[] {
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  const free = (name: (suffix: string) => string) => {
    for (let number = 1; ; number++) {
      const wanted = name(number === 1 ? '' : `-${number}`);
      if (taken.has(wanted.toLowerCase())) continue;
      taken.add(wanted.toLowerCase());
      return wanted;
    }
  };
  return found.map(({ runId, run, path, image }) => {
    const known = folders.get(runId) ?? free((suffix) => `${plainName(run, 'run')}${suffix}`);
    folders.set(runId, known);
    const [, stem = path, end = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(path) ?? [];
    const title = image?.step === undefined ? stem : `${image.key}-step-${image.step}`;
    return { runId, path, name: free((suffix) => `${known}/${plainName(title, 'file')}${suffix}${end}`) };
  });
}
