import type { ArtifactDownload } from './trackingStore';

type Download = (signal: AbortSignal) => Promise<ArtifactDownload>;

/** A whole file in memory of its own; undefined when it is over `limit` bytes, of which no more are read. */
export async function readAtMost(
  download: Download,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const enough = new AbortController();
  const answer = await download(AbortSignal.any([signal, enough.signal]));
  if (answer.totalBytes !== undefined && answer.totalBytes > limit) {
    enough.abort();
    return undefined;
  }
  const { bytes, cut } = await collect(answer.body, limit);
  return cut ? undefined : bytes;
}

/** The first `limit` bytes of a file; `cut` where there are more, which are not read. */
export async function readBeginning(download: Download, limit: number, signal: AbortSignal) {
  const { body } = await download(signal);
  return await collect(body, limit);
}

async function collect(body: ArtifactDownload['body'], limit: number): Promise<{ bytes: Uint8Array; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    received += chunk.length;
    // Leaving the loop gives the connection up.
    if (received > limit) break;
  }
  // A copy: chunks lie in pools that hold other answers too, and a whole buffer crosses to the page.
  const bytes = new Uint8Array(Math.min(received, limit));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += chunk.length;
  }
  return { bytes, cut: received > limit };
}
