import { isSafePath, nameOf, parentOf } from '../../shared/artifactPath';
import type { ArtifactInfo } from '../../shared/domain';
import { byName } from './ranges';

export type ArtifactRow =
  | { readonly kind: 'artifact'; readonly artifact: ArtifactInfo }
  /** Shown, and never given to anything that opens or writes: its path is not one below its folder. */
  | { readonly kind: 'refused'; readonly listedAs: string };

/** The rows of one folder, folders first. The listing comes from a server: its paths are checked, not trusted. */
export function artifactRows(folder: string, files: readonly ArtifactInfo[]): readonly ArtifactRow[] {
  const seen = new Set<string>();
  const rows: { readonly artifact: ArtifactInfo }[] = [];
  const refused = new Set<string>();
  for (const artifact of files) {
    const { path } = artifact;
    // A folder that is listed within itself would be walked for ever.
    if (!isSafePath(path) || parentOf(path) !== folder) refused.add(path);
    else if (!seen.has(path)) {
      seen.add(path);
      rows.push({ artifact });
    }
  }
  rows.sort(
    ({ artifact: a }, { artifact: b }) =>
      Number(b.isFolder) - Number(a.isFolder) || byName(nameOf(a.path), nameOf(b.path)),
  );
  return [
    ...rows.map((row): ArtifactRow => ({ kind: 'artifact', ...row })),
    ...[...refused].sort(byName).map((listedAs): ArtifactRow => ({ kind: 'refused', listedAs })),
  ];
}
