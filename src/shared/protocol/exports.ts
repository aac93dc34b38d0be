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

export interface ArtifactWanted {
  readonly runId: string;
  readonly path: string;
  /** A whole picture, the first 200 kB of a text, or all of it; what is whole has at most 10 MB. */
  readonly as: 'image' | 'text' | 'wholeText';
}

export interface ArtifactFile {
  readonly runId: string;
  readonly path: string;
  /** Where it goes: names joined by `/`, below the folder. */
  readonly name: string;
}

export interface FilesToSave {
  /** Of the folder that is made for them. */
  readonly folderName: string;
  readonly files: readonly ArtifactFile[];
}

export const mostSavedFiles = 10_000;

/** Methods behind charts' menus and charts of artifacts. */
export interface ExportMethods {
  /** Asks where, and writes. `saved` is false when the person cancelled. */
  saveFile: (file: FileToSave) => { readonly saved: boolean };
  /** As `parsePathPattern` reads the pattern. */
  findArtifacts: (params: {
    readonly runIds: readonly string[];
    readonly pattern: string;
  }) => readonly FoundArtifacts[];
  artifactBytes: (params: ArtifactWanted) => ArtifactContent;
  /** Asks for a folder, and copies artifacts there. `saved` is undefined when the person cancelled. */
  saveArtifacts: (params: FilesToSave) => { readonly saved?: number };
}
