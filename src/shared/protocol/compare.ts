import type { Requirement } from '../compare/environment';

/** What the comparison asks for beside the runs themselves. */
export interface CompareMethods {
  /** What each run was made with, in the order of `runIds`. */
  environments: (params: { readonly runIds: readonly string[] }) => readonly RunEnvironment[];
  /** One folder of the artifacts of all runs together; '' is the root. */
  artifactLevel: (params: { readonly runIds: readonly string[]; readonly path: string }) => ArtifactLevel;
  /** What is in a file of each run, in the order of `runIds`. */
  artifactHashes: (params: { readonly runIds: readonly string[]; readonly path: string }) => readonly FileHash[];
  /** Opens one file of two runs in the diff editor; of several others the person chooses one. */
  diffArtifacts: (params: ArtifactDiff) => void;
  /** Where runs and their commits are on the web, in the order of `runIds`. */
  reportLinks: (params: { readonly runIds: readonly string[] }) => readonly RunLinks[];
  /** Asks for a file and writes the report there. False when the person cancelled. */
  saveReport: (params: ReportFile) => { readonly saved: boolean };
}

export interface ArtifactDiff {
  readonly a: string;
  readonly others: readonly string[];
  readonly path: string;
}

export interface RunEnvironment {
  readonly runId: string;
  /** '' where nothing says. */
  readonly python: string;
  readonly packages: readonly Requirement[];
  /** What was read: `model/requirements.txt`. */
  readonly files: readonly string[];
  /** Why it is not known, or not all of it. */
  readonly problem?: string;
}

export interface ArtifactLevel {
  readonly path: string;
  /** Folders first, as people count. */
  readonly entries: readonly ArtifactEntry[];
  /** Entries that are there and left out, being more than are compared. */
  readonly left: number;
  /** Why a run's folder could not be read; null where it could. In the order of `runIds`. */
  readonly problems: readonly (string | null)[];
}

export interface ArtifactEntry {
  readonly path: string;
  readonly isFolder: boolean;
  /** bytes by run; null where the run lacks it. 0 for folders. */
  readonly sizes: readonly (number | null)[];
}

/** SHA-256 in hex; `missing` where the run lacks the file; else why it is not known. */
export type FileHash = { readonly hash: string } | { readonly missing: true } | { readonly problem: string };

export interface RunLinks {
  readonly run: string;
  readonly commit?: string;
}

export interface ReportImage {
  /** Without folder or extension. */
  readonly name: string;
  readonly title: string;
  /** PNG */
  readonly bytes: Uint8Array;
}

export interface ReportFile {
  /** Suggested; without extension. */
  readonly name: string;
  readonly markdown: string;
  readonly images: readonly ReportImage[];
}
