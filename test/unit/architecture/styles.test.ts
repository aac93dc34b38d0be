import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** Tabs of one page: the styles of each stay when another is shown. */
const tabs = ['table', 'charts', 'compare'];

/** Classes that rules begin with. Rules under a theme's class are somebody else's by what follows. */
function classesOf(folder: string): ReadonlySet<string> {
  const root = path.join('webview', folder);
  const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sheets = files.flatMap((file) => [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(/css`([^`]*)`/g)]);
  const selectors = sheets.flatMap(([, sheet = '']) =>
    [...sheet.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/([^{}]+)\{/g)].flatMap(([, names = '']) => names.split(',')),
  );
  const classes = selectors.flatMap((selector) => /^\s*\.([\w-]+)/.exec(selector)?.[1] ?? []);
  return new Set(classes.filter((name) => !name.startsWith('vscode-')));
}

describe('the styles of the tabs of a page', () => {
  it('begin with classes of their own: a tab that was shown changes no other', () => {
    const known = new Map<string, string>();
    const doubled: string[] = [];
    let count = 0;
    for (const tab of tabs)
      for (const name of classesOf(tab)) {
        const other = known.get(name);
        if (other !== undefined) doubled.push(`.${name} in ${other} and ${tab}`);
        known.set(name, tab);
        count++;
      }
    assert.ok(count > 200, `${count} classes are not all`);
    assert.deepEqual(doubled, []);
  });
});
