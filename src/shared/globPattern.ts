/**
 * A glob for paths with `/` between parts, as VS Code's settings have them: `*` and `?` within one part, `**` over
 * parts, `{a,b}` and `[abc]`. A pattern without `/` is about names, wherever they are. Throws `SyntaxError` when a
 * bracket is not closed.
 */
export function globPattern(glob: string): (path: string) => boolean {
  const pattern = glob.trim().replace(/^\.?\//, '');
  const anywhere = !pattern.includes('/');
  const source = `^${anywhere ? '(?:.*/)?' : ''}${translated(pattern)}$`;
  const expression = new RegExp(source, 'su');
  return (path) => expression.test(path);
}

function translated(glob: string): string {
  let source = '';
  let braces = 0;
  for (let at = 0; at < glob.length; at++) {
    const rest = glob.slice(at);
    const stars = /^\*{2,}\/?/.exec(rest)?.[0];
    const set = /^\[(!?)([^\]/]+)\]/.exec(rest);
    if (stars !== undefined) {
      source += stars.endsWith('/') ? '(?:[^/]+/)*' : '.*';
      at += stars.length - 1;
    } else if (set) {
      source += `[${set[1] ? '^/' : ''}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else {
      const character = String.fromCodePoint(glob.codePointAt(at) ?? 0);
      if (character === '{') braces++;
      if (character === '}') braces--;
      source += inBraces(character, braces);
      at += character.length - 1;
    }
  }
  if (braces !== 0) throw new SyntaxError(`${glob}: a brace is not closed`);
  return source;
}

function inBraces(character: string, braces: number): string {
  switch (character) {
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    case '{':
      return '(?:';
    case '}':
      return ')';
    case ',':
      return braces > 0 ? '|' : ',';
    default:
      return character.replace(/[\\^$.|+()[\]/]/g, '\\$&');
  }
}
