/** SHA-1 (40) or SHA-256 (64) in hex, or an abbreviation of at least seven digits. */
const commitIdForm = /^[0-9a-f]{7,64}$/;

export function isCommitId(text: string): boolean {
  return commitIdForm.test(text);
}

export function isFullCommitId(text: string): boolean {
  return isCommitId(text) && (text.length === 40 || text.length === 64);
}

/** The first seven digits, as git shows them. */
export function shortId(commit: string): string {
  return commit.slice(0, 7);
}

/** True when one is the other or an abbreviation of it. */
export function sameCommit(a: string, b: string): boolean {
  const [first, second] = [a.trim().toLowerCase(), b.trim().toLowerCase()];
  if (!isCommitId(first) || !isCommitId(second)) return first === second;
  return first.startsWith(second) || second.startsWith(first);
}
