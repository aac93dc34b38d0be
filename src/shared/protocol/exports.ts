/** Files that a page may ask to be saved, by the end of their names. */
export const savedKinds = ['png', 'svg', 'csv', 'json'] as const;
export type SavedKind = (typeof savedKinds)[number];

export interface FileToSave {
  /** Without folders; the person may choose another. */
  readonly suggestedName: string;
  readonly kind: SavedKind;
  readonly content: string | Uint8Array;
}

/** What of a run's artifacts matches a pattern. */
export interface FoundArtifacts {
  readonly runId: string;
  readonly paths: readonly string[];
  /** There are more than are looked at. */
  readonly more: boolean;
  /** Why the run's artifacts could not be listed. */
  readonly problem?: string;
}

export interface ArtifactContent {
  readonly bytes: Uint8Array;
  /** There is more; only of text. */
  readonly cut: boolean;
}

/** Methods behind charts' menus and charts of artifacts. */
export interface ExportMethods {
  /** Asks where, and writes. `saved` is false when the person cancelled. */
  saveFile: (file: FileToSave) => { readonly saved: boolean };
  /** As `parsePathPattern` reads the pattern. */
  findArtifacts: (params: {
    readonly runIds: readonly string[];
    readonly pattern: string;
  }) => readonly FoundArtifacts[];
  /** A whole image of at most 10 MB, or the first 200 kB of a text. */
  artifactBytes: (params: {
    readonly runId: string;
    readonly path: string;
    readonly as: 'image' | 'text';
  }) => ArtifactContent;
}
