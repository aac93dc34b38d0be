/** What a patch of `git diff` says it changes. https://git-scm.com/docs/git-diff#generate_patch_text_with_p */
export interface PatchFile {
  /** As git writes it: names with control characters are in quotes. */
  readonly path: string;
  /** Its content is packed, so that nobody can read what is in it. */
  readonly binary: boolean;
  /** Every line of its hunks, those around a change included: all of them are in the patch. */
  readonly lines: readonly PatchLine[];
}

export interface PatchLine {
  /** From 1; in the old file for a line that is taken away, else in the new one. */
  readonly line: number;
  readonly text: string;
  readonly kind: 'added' | 'removed' | 'context';
}

interface OpenFile {
  path: string;
  binary: boolean;
  lines: PatchLine[];
}

interface Hunk {
  oldLine: number;
  newLine: number;
  /** Lines of the hunk that are still to come. */
  oldLeft: number;
  newLeft: number;
}

/** Reads what stands before the first file over. */
export function readPatch(patch: string): readonly PatchFile[] {
  const files: OpenFile[] = [];
  let hunk: Hunk | undefined;
  for (const line of patch.split('\n')) {
    const file = files.at(-1);
    // Counted, since a line of a file may look like a header.
    if (file && hunk && (hunk.oldLeft > 0 || hunk.newLeft > 0)) {
      readHunkLine(line, hunk, file.lines);
      continue;
    }
    hunk = undefined;
    if (line.startsWith('diff --git ')) files.push({ path: pathOfHeader(line), binary: false, lines: [] });
    else if (file) hunk = readHeader(line, file);
  }
  return files;
}

function readHeader(line: string, file: OpenFile): Hunk | undefined {
  const path = /^(?:\+\+\+|---) "?[ab]\/(.*?)"?\t?$/.exec(line)?.[1] ?? /^rename to (.*)$/.exec(line)?.[1];
  if (path !== undefined) file.path = path;
  if (line === 'GIT binary patch' || line.startsWith('Binary files ')) file.binary = true;
  const [, oldLine, oldLeft = '1', newLine, newLeft = '1'] =
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
  if (oldLine === undefined || newLine === undefined) return undefined;
  return { oldLine: Number(oldLine), newLine: Number(newLine), oldLeft: Number(oldLeft), newLeft: Number(newLeft) };
}

function readHunkLine(line: string, hunk: Hunk, lines: PatchLine[]): void {
  const text = line.slice(1);
  switch (line[0]) {
    case '+':
      lines.push({ line: hunk.newLine++, text, kind: 'added' });
      hunk.newLeft--;
      return;
    case '-':
      lines.push({ line: hunk.oldLine++, text, kind: 'removed' });
      hunk.oldLeft--;
      return;
    case '\\':
      return;
    default:
      lines.push({ line: hunk.newLine++, text, kind: 'context' });
      hunk.oldLine++;
      hunk.oldLeft--;
      hunk.newLeft--;
  }
}

/** Both halves are the same but for renames, which name themselves below: `a/x y b/x y` is cut in its middle. */
function pathOfHeader(line: string): string {
  const names = line.slice('diff --git '.length);
  const half = names.slice(0, (names.length - 1) / 2);
  return half.replace(/^"?a\//, '').replace(/"$/, '');
}
