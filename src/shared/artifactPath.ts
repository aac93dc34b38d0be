/** Relative, `/` between parts, no empty part, `.` or `..`, no backslash, drive or control character. */
export function isSafePath(path: string): boolean {
  const hasControl = [...path].some((character) => character < ' ' || character === '\u007f');
  if (hasControl || path.includes('\\') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
