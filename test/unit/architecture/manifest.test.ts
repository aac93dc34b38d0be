import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Command, ContextKey, PanelType, ViewId } from '../../../src/platform/ids';
import { lensLanguages } from '../../../src/source/lens/mlflowCalls';

interface Contribution {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly when?: string;
}

const manifestText = fs.readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText);
const texts: Record<string, string> = JSON.parse(fs.readFileSync('package.nls.json', 'utf8'));
const commands: Contribution[] = manifest.contributes.commands;
const declared = commands.map(({ command }) => command);
const ids: string[] = Object.values(Command).flatMap((domain) => Object.values(domain));

const source = (folder: string): string =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');

describe('the manifest', () => {
  const code = source('src');

  it('declares exactly the commands of the table', () => {
    assert.deepEqual([...declared].sort(), [...ids].sort());
  });

  it('has every command registered once', () => {
    const registered = [...code.matchAll(/\.register\(\s*Command\.(\w+)\.(\w+)/g)].map(
      ([, a, b]) => `flowdeck.${a}.${b}`,
    );
    const missing = ids.filter((id) => !registered.includes(id));
    const twice = registered.filter((id, at) => registered.indexOf(id) !== at);
    assert.deepEqual({ missing, twice }, { missing: [], twice: [] });
  });

  it('gives every command a localised title and one category', () => {
    for (const { command, title, category } of commands) {
      assert.match(title, /^%.+%$/, command);
      assert.equal(category, '%category%', command);
    }
  });

  it('has a text for every key and no text without a use', () => {
    const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? ''));
    assert.deepEqual(
      [...used].filter((key) => !(key in texts)),
      [],
    );
    assert.deepEqual(
      Object.keys(texts).filter((key) => !used.has(key)),
      [],
    );
  });

  it('names only declared commands in menus and welcome texts', () => {
    const menus = Object.values<{ command: string }[]>(manifest.contributes.menus).flat();
    const linked = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/command:(flowdeck[\w.]+)/g)].map(([, id]) => id ?? ''),
    );
    assert.deepEqual(
      [...menus.map(({ command }) => command), ...linked].filter((id) => !declared.includes(id)),
      [],
    );
  });

  it('has a welcome text of its own for every view that waits for a server', () => {
    const welcomes: { view: string; contents: string; when: string }[] = manifest.contributes.viewsWelcome;
    const waiting = welcomes.filter(({ when }) => /flowdeck\.connection (!= 'connected'|== 'none')/.test(when));
    const views = new Map<string, string>();
    for (const { view, contents } of waiting) {
      const other = views.get(contents);
      assert.ok(other === undefined || other === view, `${contents} stands in ${other} and ${view}`);
      views.set(contents, view);
    }
    for (const view of [ViewId.experiments, ViewId.run, ViewId.models])
      assert.ok(
        welcomes.some((item) => item.view === view && item.contents === '%welcome.failed%'),
        view,
      );
    const models = welcomes.filter(({ view }) => view === ViewId.models).map(({ contents }) => contents.slice(1, -1));
    for (const key of models) assert.doesNotMatch(texts[key] ?? '', /MLproject/);
  });

  it('gives every empty state a reason and a next step: one link, alone on its line, two at most', () => {
    const welcomes: { contents: string; when: string }[] = manifest.contributes.viewsWelcome;
    for (const { contents } of welcomes) {
      const text = texts[contents.slice(1, -1)] ?? '';
      const lines = text.split('\n');
      const links = lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
      assert.ok(links.length >= 1 && links.length <= 2, `${contents}: ${links.length} links`);
      assert.ok(!lines[0]?.startsWith('['), `${contents} begins with a link`);
      const inText = lines.filter((line) => !links.includes(line) && line.includes(']('));
      assert.deepEqual(inText, [], `${contents} hides a link in its text`);
    }
    for (const view of Object.values(ViewId))
      assert.ok(
        welcomes.some((welcome) => 'view' in welcome && welcome.view === view),
        view,
      );
  });

  it('shows at most three inline actions on a tree item', () => {
    const inline = manifest.contributes.menus['view/item/context'].filter((item: { group: string }) =>
      item.group.startsWith('inline'),
    );
    const slots = new Set(inline.map((item: { group: string }) => item.group));
    assert.ok(slots.size <= 3, `${slots.size} inline slots`);
  });

  it('reads every setting, through one table', () => {
    const settingsFile = fs.readFileSync('src/platform/settings.ts', 'utf8');
    const read = [...settingsFile.matchAll(/new Setting\(\s*'([^']+)'/g)].map(([, key]) => `flowdeck.${key}`);
    assert.deepEqual([...read].sort(), Object.keys(manifest.contributes.configuration.properties).sort());
    const names = [...settingsFile.matchAll(/^ {2}(\w+): new Setting/gm)].map(([, name]) => name);
    assert.deepEqual(
      names.filter((name) => !new RegExp(`settings\\s*\\.${name}\\b`).test(code)),
      [],
    );
  });

  it('declares defaults, scopes and descriptions of settings', () => {
    for (const [key, setting] of Object.entries<Record<string, unknown>>(
      manifest.contributes.configuration.properties,
    )) {
      for (const field of ['default', 'scope', 'markdownDescription']) assert.ok(field in setting, `${key}.${field}`);
    }
  });

  it('sets every context key that a when clause reads', () => {
    const known: string[] = [
      ...Object.values(ContextKey),
      ...Object.values(ViewId),
      ...Object.values(PanelType),
      ...declared,
    ];
    const read = [...manifestText.matchAll(/"(?:when|enablement)": "([^"]+)"/g)]
      .flatMap(([, clause]) => [...(clause ?? '').matchAll(/\bflowdeck(?:\.\w+)+/g)])
      .map(([key]) => key);
    assert.deepEqual(
      [...new Set(read)].filter((key) => !known.includes(key)),
      [],
    );
    const unset = Object.keys(ContextKey).filter((name) => !code.includes(`ContextKey.${name}`));
    assert.deepEqual(unset, []);
  });

  it('begins where a file of a language with lenses is opened', () => {
    const events: string[] = manifest.activationEvents;
    assert.deepEqual(
      lensLanguages.filter((language) => !events.includes(`onLanguage:${language}`)),
      [],
    );
  });

  it('has the files it points to', () => {
    const container = manifest.contributes.viewsContainers.activitybar[0];
    const steps: { media: { markdown: string } }[] = manifest.contributes.walkthroughs[0].steps;
    assert.ok(steps.length <= 5);
    const schemas: string[] = manifest.contributes.jsonValidation.map(({ url }: { url: string }) => url);
    const yamlSchemas: string[] = manifest.contributes.yamlValidation.map(({ url }: { url: string }) => url);
    const languages: { configuration?: string; icon?: Record<string, string> }[] = manifest.contributes.languages;
    const grammars: string[] = manifest.contributes.grammars.map(({ path: grammar }: { path: string }) => grammar);
    const language = languages.flatMap(({ configuration, icon }) => [
      ...(configuration === undefined ? [] : [configuration]),
      ...Object.values(icon ?? {}),
    ]);
    const pages = steps.map(({ media }) => media.markdown);
    const files = [manifest.icon, container.icon, ...pages, ...schemas, ...yamlSchemas, ...language, ...grammars];
    for (const file of files) assert.ok(fs.existsSync(file), file);
  });

  it('locks versions and holds no registry address', () => {
    const lock = fs.readFileSync('package-lock.json', 'utf8');
    assert.ok(!lock.includes('"resolved": "http'), 'package-lock.json names a registry');
    const pinned = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const [name, version] of Object.entries(pinned)) assert.match(String(version), /^\d/, name);
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
    assert.match(manifest.dependencies.undici, /^7\.30\./);
  });
});
