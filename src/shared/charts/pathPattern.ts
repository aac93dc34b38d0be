/** Where artifacts are looked for: the folder that a pattern begins with, and what their paths must be like. */
export interface PathPattern {
  /** '' is the root of the run's artifacts. */
  readonly folder: string;
  matches(path: string): boolean;
}

/**
 * `plots` is a folder with all below it, or a file; `plots/*.png` has one star for anything but a slash, `**` for any
 * text. Upper and lower case differ, as in the paths of MLflow.
 */
export function parsePathPattern(text: string): PathPattern {
  const pattern = text
    .trim()
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '');
  const star = pattern.search(/[*?]/);
  if (star < 0) {
    const below = pattern === '' ? '' : `${pattern}/`;
    return { folder: pattern, matches: (path) => path === pattern || path.startsWith(below) };
  }
  const slash = pattern.lastIndexOf('/', star);
  const source = pattern.replaceAll(/\*\*\/?|\*|\?|[.+^${}()|[\]\\]/g, (found) => {
    if (found.startsWith('**')) return '.*';
    if (found === '*') return '[^/]*';
    return found === '?' ? '[^/]' : `\\${found}`;
  });
  const expression = new RegExp(`^${source}$`, 'su');
  return { folder: pattern.slice(0, Math.max(0, slash)), matches: (path) => expression.test(path) };
}
