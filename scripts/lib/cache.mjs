// @ts-check
// What is installed once and kept outside the checkout: VS Code hosts, Node for them, Python environments.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { say, step } from './steps.mjs';

/** A lock whose owner has not been heard of for this long (ms) is broken; owners beat every 5 s. */
const staleAfter = 60_000;

/** The folder of everything installed: `$FLOWDECK_CACHE`, else the platform's cache folder. */
export function cacheFolder() {
  const { FLOWDECK_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (FLOWDECK_CACHE) return path.resolve(FLOWDECK_CACHE);
  if (process.platform === 'win32')
    return path.join(LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'flowdeck', 'Cache');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'flowdeck');
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'flowdeck');
}

/**
 * Installs something into the cache unless it is there already. Safe when interrupted (a half-finished install is
 * never taken for a finished one) and when two processes want the same thing at once (the second waits).
 * @param {string} name folder name in the cache; holds every version that matters, since a finished install is final
 * @param {string} label what the step line says, e.g. `installing VS Code host 1.139.1`
 * @param {(folder: string) => Promise<void>} install fills the empty folder it is given
 * @param {{ relocatable?: boolean }} [options] `relocatable: false`: for what cannot be moved once made (a Python venv): it
 *   is made under its final name, and a marker file says that it is whole
 * @returns {Promise<string>} the folder
 */
export async function installOnce(name, label, install, options = {}) {
  const folder = path.join(cacheFolder(), name);
  const inPlace = options.relocatable === false;
  const marker = path.join(folder, '.complete');
  const isDone = () => fs.existsSync(inPlace ? marker : folder);
  if (isDone()) return folder;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (isDone()) return folder;
    await step(label, async () => {
      removeLeftovers(folder);
      const target = inPlace ? folder : `${folder}.partial-${process.pid}`;
      fs.mkdirSync(target, { recursive: true });
      await install(target);
      if (inPlace) fs.writeFileSync(marker, `${new Date().toISOString()}\n`);
      else fs.renameSync(target, folder);
    });
    return folder;
  } finally {
    release();
  }
}

/**
 * What an interrupted install has left behind; called under the lock, so nobody else is writing there.
 * @param {string} folder
 */
function removeLeftovers(folder) {
  const parent = path.dirname(folder);
  for (const entry of fs.readdirSync(parent)) {
    if (entry.startsWith(`${path.basename(folder)}.partial-`))
      fs.rmSync(path.join(parent, entry), { recursive: true, force: true });
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

/**
 * Waits until no other process holds this lock, then holds it.
 * @param {string} folder path of the lock, a folder that exists while it is held
 * @returns {Promise<() => void>} gives it back
 */
export async function lock(folder) {
  let waiting = false;
  for (;;) {
    const release = tryHold(folder);
    if (release) return release;
    if (!waiting) say(`… waiting for another process that holds ${path.basename(folder)}`);
    waiting = true;
    await sleep(300);
  }
}

/**
 * Holds a lock unless another process, which is alive, holds it.
 * @param {string} folder as for `lock`
 * @returns {(() => void) | undefined} gives it back
 */
export function tryHold(folder) {
  const token = `${process.pid}@${os.hostname()} ${crypto.randomUUID()}`;
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  while (!tryLock(folder, token)) if (!breakIfStale(folder)) return undefined;
  const beat = setInterval(() => {
    const now = new Date();
    if (fs.existsSync(folder)) fs.utimesSync(folder, now, now);
  }, 5000);
  beat.unref();
  return () => {
    clearInterval(beat);
    fs.rmSync(folder, { recursive: true, force: true });
  };
}

/**
 * Making a folder is atomic everywhere; the owner's name is put inside afterwards.
 * @param {string} folder
 * @param {string} token
 */
function tryLock(folder, token) {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  fs.writeFileSync(path.join(folder, 'owner'), token);
  return true;
}

/**
 * Moves a dead owner's lock out of the way. The move is atomic, so of two processes only one breaks it; a lock that
 * changed hands between looking and moving is put back.
 * @param {string} folder
 * @returns {boolean} whether it is worth trying again at once
 */
function breakIfStale(folder) {
  const owner = readOwner(folder);
  if (!isStale(folder, owner)) return false;
  const aside = `${folder}.stale-${process.pid}`;
  try {
    fs.renameSync(folder, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return true;
    throw error;
  }
  if (readOwner(aside) !== owner && !fs.existsSync(folder)) {
    fs.renameSync(aside, folder);
    return false;
  }
  fs.rmSync(aside, { recursive: true, force: true });
  return true;
}

/** @param {string} folder */
function readOwner(folder) {
  const file = path.join(folder, 'owner');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/**
 * @param {string} folder
 * @param {string} owner
 */
function isStale(folder, owner) {
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  if (!stat) return false;
  if (Date.now() - stat.mtimeMs > staleAfter) return true;
  const [, pid, host] = /^(\d+)@(\S+) /.exec(owner) ?? [];
  return pid !== undefined && host === os.hostname() && !isAlive(Number(pid));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
