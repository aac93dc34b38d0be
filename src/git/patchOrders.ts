// Here each character of a patch is a byte of it: its files may be in any encoding, and their names are sorted by bytes.

/**
 * The orders in which the parts of a patch may belong, the likeliest first, each ready for `git apply`.
 *
 * MLflow's `mlflow.source.git.diff` is what is not staged, then what is staged, without a line end after either; git can
 * only apply the second before the first. Each half is sorted by name, so the seam shows where a name does not rise.
 * https://github.com/mlflow/mlflow/blob/master/mlflow/genai/git_versioning/git_info.py
 */
export function patchOrders(patch: string): readonly string[] {
  const whole = patch.endsWith('\n') ? patch : `${patch}\n`;
  const sections = sectionsOf(whole);
  const names = sections.map(fileOfSection);
  const seam = names.findIndex((name, at) => at > 0 && name <= (names[at - 1] ?? ''));
  if (seam < 0) return [whole];
  return [whole, [...sections.slice(seam), ...sections.slice(0, seam)].join('')];
}

/** A part for each file; what stands before the first one is a part as well. */
export const sectionsOf = (patch: string) =>
  patch.split(/^(?=diff --git )/m).filter((section) => section.trim() !== '');

/** The parts that set commits of submodules; '' where there are none. */
export const submodulePart = (patch: string) =>
  sectionsOf(patch)
    .filter((section) => /^(index .*|new file mode|deleted file mode) 160000$/m.test(section.split('\n@@ ')[0] ?? ''))
    .map((section) => (section.endsWith('\n') ? section : `${section}\n`))
    .join('');

/** The newer name of a part, in quotes as git writes it or not: for comparing, and for people. */
export function fileOfSection(section: string): string {
  const header = section.slice(0, section.indexOf('\n'));
  return / "?b\/(?!.* "?b\/)(.*?)"?$/.exec(header)?.[1] ?? header;
}

/** True when the text has what `git apply` can read at all. */
export const isPatch = (text: string) => /^(diff --git |--- |Index: )/m.test(text);
