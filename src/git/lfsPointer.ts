/** bytes; https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const largestPointer = 1_024;
const form = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?size (\d+)\n/;

/** bytes of the file that stands for `content`; undefined where this is no pointer of Git LFS. */
export function sizeInLfs(content: Uint8Array): number | undefined {
  if (content.length > largestPointer) return undefined;
  const [, size] = form.exec(Buffer.from(content).toString('latin1')) ?? [];
  return size === undefined ? undefined : Number(size);
}
