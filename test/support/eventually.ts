import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asserts again and again until it holds: what is shown follows what was done to it, sooner or later.
 * @throws what the last attempt threw, after `ms`
 */
export async function eventually(check: () => unknown, ms = 30_000): Promise<void> {
  for (const end = Date.now() + ms; ; await delay(50))
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() >= end) throw error;
    }
}

/** Waits until what is read is this. */
export async function becomes<T>(read: () => T | Promise<T>, wanted: T, message?: string): Promise<void> {
  await eventually(async () => assert.deepEqual(await read(), wanted, message));
}

/** Waits until the text that is read is like this. */
export async function reads(read: () => Promise<string | null>, pattern: RegExp): Promise<void> {
  await eventually(async () => assert.match((await read()) ?? '', pattern));
}
