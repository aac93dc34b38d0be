import type { ArtifactDownload } from '../../mlflow/trackingStore';

/** A whole file in memory of its own; undefined when it is over `limit` bytes, of which no more are read. */
export async function readAtMost(
  download: (signal: AbortSignal) => Promise<ArtifactDownload>,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const enough = new AbortController();
  const { body, totalBytes } = await download(AbortSignal.any([signal, enough.signal]));
  if (totalBytes !== undefined && totalBytes > limit) {
    enough.abort();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > limit) return undefined;
    chunks.push(chunk);
  }
  // A copy: chunks lie in pools that hold other answers too, and a whole buffer crosses to the page.
  const whole = new Uint8Array(received);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
