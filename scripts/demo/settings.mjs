// @ts-check
// Settings of the demo's folder. People edit that file too: comments, and what else is in it, stay.
import fs from 'node:fs';
import path from 'node:path';

/**
 * @param {string} project
 * @param {Record<string, string>} settings
 */
export function writeFolderSettings(project, settings) {
  const file = path.join(project, '.vscode', 'settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const present = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  fs.writeFileSync(file, Object.entries(settings).reduce(withSetting, present.includes('{') ? present : '{\n}\n'));
}

/**
 * @param {string} text JSON, perhaps with comments and commas that VS Code lets pass
 * @param {[string, string]} setting
 */
function withSetting(text, [name, value]) {
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const present = new RegExp(`"${name.replaceAll('.', '\\.')}"\\s*:\\s*"(?:[^"\\\\]|\\\\.)*"`);
  if (present.test(text)) return text.replace(present, () => entry);
  const isOnly = /^[^{]*\{\s*\}\s*$/.test(text);
  return text.replace('{', () => `{\n  ${entry}${isOnly ? '' : ','}`);
}
