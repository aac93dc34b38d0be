import { setTimeout as delay } from 'node:timers/promises';

const firstDelayMs = 150;
/** Nobody waits longer than this for the next try. */
export const longestDelayMs = 20_000;

/** Exponential back-off with full jitter: somewhere between 0 and 150 ms · 2^attempt, 20 s at most. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
}

/** `Retry-After` in either form (seconds or a date) as ms from `now`; undefined when it says nothing. */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

/** Waits; rejects with the signal's reason when it is aborted. */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {});
}

/** Answers of a busy server or proxy, after which the same question may be asked again. */
export const isBusyStatus = (status: number) => status === 429 || status === 502 || status === 503 || status === 504;

const passingFaults = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

export const isPassingFault = (code: string | undefined) => code !== undefined && passingFaults.has(code);
