import { fileOfSection, sectionsOf } from './patchOrders';

export interface PatchHead {
  readonly commit: string;
  /** Files that are not in the patch. */
  readonly leftOut: readonly string[];
  /** Those with changes inside. */
  readonly submodules: readonly string[];
}

const mostNamed = 200;
const untrackedTitle = '# Untracked files that are not in it:';
const submodulesTitle = '# Submodules of which only the commit is in it, not what was changed inside:';

/** The patch with a beginning that says what it is; `git apply` reads it over. */
export function describedPatch(patch: Uint8Array, { commit, leftOut, submodules }: PatchHead): Uint8Array {
  const names = (files: readonly string[]) => files.slice(0, mostNamed).map((file) => `#   ${JSON.stringify(file)}`);
  const more = leftOut.length > mostNamed ? [`#   and ${leftOut.length - mostNamed} more`] : [];
  const head = [
    `# Changes beyond commit ${commit}: check it out, then \`git apply\` this file.`,
    ...(leftOut.length > 0 ? [untrackedTitle, ...names(leftOut), ...more] : []),
    ...(submodules.length > 0 ? [submodulesTitle, ...names(submodules)] : []),
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\n')), patch]);
}

/**
 * What a patch says was there beside it: in the beginning that `describedPatch` gives it, or as git itself marks submodules
 * in a diff that nobody told otherwise, MLflow's.
 */
export function lackingIn(patch: string): Pick<PatchHead, 'leftOut' | 'submodules'> {
  const head = /^(#[^\n]*\n)*/.exec(patch)?.[0].split('\n') ?? [];
  const below = (title: string) => {
    const at = head.indexOf(title);
    const names = at < 0 ? [] : head.slice(at + 1).map(nameIn);
    // Behind the last line of the head there is always one that is no name.
    return names.slice(0, names.indexOf(undefined)).filter((name) => name !== undefined);
  };
  const marked = sectionsOf(patch).filter(isMarkedSubmodule).map(fileOfSection);
  return { leftOut: below(untrackedTitle), submodules: [...new Set([...below(submodulesTitle), ...marked])] };
}

function nameIn(line: string): string | undefined {
  const [, text] = /^# {3}(".*")$/s.exec(line) ?? [];
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** No file has such a line and no mode in its head: https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---submoduleformat */
const isMarkedSubmodule = (section: string) =>
  /^\+Subproject commit [0-9a-f]{40,64}-dirty$/m.test(section) &&
  !/^index \S+ (?!160000$)/m.test(section.split('\n@@ ')[0] ?? '');
