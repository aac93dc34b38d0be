import type { ArtifactListing } from '../../mlflow/trackingStore';
import { isSafePath, nameOf, parentOf } from '../../shared/artifactPath';
import type { ArtifactInfo } from '../../shared/domain';
import { naturalCompare } from '../../shared/naturalCompare';

export type ArtifactRow =
  | { readonly kind: 'artifact'; readonly artifact: ArtifactInfo }
  /** Shown, and never given to anything that opens or writes: its path is not one below its folder. */
  | { readonly kind: 'refused'; readonly listedAs: string };

export type Listing = Pick<ArtifactListing, 'files' | 'refused'>;

/** The rows of one folder, folders first. The listing comes from a server: its paths are checked, not trusted. */
export function artifactRows(folder: string, listing: Listing): readonly ArtifactRow[] {
  const seen = new Set<string>();
  const rows: { readonly artifact: ArtifactInfo }[] = [];
  const refused = new Set(listing.refused);
  for (const artifact of listing.files) {
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
      Number(b.isFolder) - Number(a.isFolder) || naturalCompare(nameOf(a.path), nameOf(b.path)),
  );
  return [
    ...rows.map((row): ArtifactRow => ({ kind: 'artifact', ...row })),
    ...[...refused].sort(naturalCompare).map((listedAs): ArtifactRow => ({ kind: 'refused', listedAs })),
  ];
}
