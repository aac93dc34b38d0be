import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Ids of the processes, zombies aside, whose command line or environment holds `text`; without this one. */
export function processesWith(text: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return fs.readFileSync(`/proc/${name}/${file}`, 'utf8').includes(text);
        } catch {
          return false;
        }
      }),
    )
    .map(Number);
}

/** Those that are left after at most `ms`. */
export async function untilGone(text: string, ms = 30_000): Promise<number[]> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(50)) if (processesWith(text).length === 0) return [];
  return processesWith(text);
}

/** Waits until `condition` holds. @throws after `ms`, with what `say` tells */
export async function until(
  condition: () => boolean | Promise<boolean>,
  say: () => string,
  ms = 60_000,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(25)) if (await condition()) return;
  throw new Error(say());
}
