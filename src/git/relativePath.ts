import path from 'node:path';

/** `file` relative to `root` with `/` between parts; undefined when it lies outside. */
export function relativePath(root: string, file: string): string | undefined {
  const relative = path.relative(root, file);
  if (relative.startsWith('..') && /^\.\.([\\/]|$)/.test(relative)) return undefined;
  return path.isAbsolute(relative) ? undefined : relative.split(path.sep).join('/');
}
