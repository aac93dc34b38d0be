import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** As git names a folder: links are followed, as far as it is there. */
export async function realFolder(folder: string): Promise<string> {
  const whole = path.resolve(folder);
  const parent = path.dirname(whole);
  try {
    return await realpath(whole);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isGone || parent === whole) return whole;
    return path.join(await realFolder(parent), path.basename(whole));
  }
}
