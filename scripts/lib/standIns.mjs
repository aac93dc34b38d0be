// @ts-check
// Small replacements for native modules of the VS Code server, so that installing it needs no compiler.
import fs from 'node:fs';
import path from 'node:path';

// Log files without the native logger; import() sees only plain `exports.x =` lines.
const spdlogStandIn = `const fs = require('node:fs');
const path = require('node:path');
const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
const stamp = () => new Date().toISOString().replace('T', ' ').replace('Z', '');
class Logger {
  constructor(name, file) { this.name = name; this.file = file; this.level = 2; this.plain = false; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  put(level, message) {
    if (level < this.level) return;
    try { fs.appendFileSync(this.file, this.plain ? message : stamp() + ' [' + names[level] + '] ' + message + '\\n'); } catch { this.level = 6; }
  }
  trace(m) { this.put(0, m); } debug(m) { this.put(1, m); } info(m) { this.put(2, m); } warn(m) { this.put(3, m); }
  error(m) { this.put(4, m); } critical(m) { this.put(5, m); }
  getLevel() { return this.level; } setLevel(level) { this.level = level; } setPattern() {} clearFormatters() { this.plain = true; } flush() {} drop() {}
}
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(name, file);
`;

/**
 * Writes the replacements into an installed server.
 * @param {string} vscode the server's folder
 */
export function writeStandIns(vscode) {
  writeModule(vscode, 'native-watchdog', 'exports.start = () => {};\n');
  writeModule(vscode, '@vscode/native-watchdog', 'exports.start = () => {};\n');
  writeModule(vscode, '@vscode/spdlog', spdlogStandIn);
}

/**
 * @param {string} vscode
 * @param {string} name
 * @param {string} code
 */
function writeModule(vscode, name, code) {
  const folder = path.join(vscode, 'node_modules', ...name.split('/'));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
  fs.writeFileSync(path.join(folder, 'index.js'), code);
}
