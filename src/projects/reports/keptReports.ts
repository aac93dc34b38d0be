import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { removeUnwritten } from '../checkouts/tidyStorage';

/** Anybody can make an address of a report: it names no file by itself. */
const fileOf = (folder: string, address: string) =>
  path.join(folder, `${createHash('sha256').update(address).digest('hex').slice(0, 32)}.txt`);

/** Keeps the text over the end of the window, in place of what was kept before. Those that nobody wrote for long go. */
export async function keepReport(folder: string, address: string, text: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(fileOf(folder, address), text);
  await removeUnwritten(folder);
}

/** Undefined when none is kept. */
export async function keptReport(folder: string, address: string): Promise<string | undefined> {
  try {
    return await fs.readFile(fileOf(folder, address), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
