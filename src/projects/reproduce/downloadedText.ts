import { MlflowError } from '../../mlflow/mlflowError';
import type { ArtifactDownload } from '../../mlflow/trackingStore';

/** A small file as text. Throws `MlflowError` when it is larger than `most` bytes. */
export async function downloadedText(
  download: (signal: AbortSignal) => Promise<ArtifactDownload>,
  most: number,
  signal: AbortSignal,
): Promise<string> {
  const reading = new AbortController();
  const stop = () => reading.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { body } = await download(reading.signal);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of body) {
      size += part.length;
      if (size > most) throw new MlflowError('invalid', `The file is larger than ${most / 1e6} MB.`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    signal.removeEventListener('abort', stop);
    reading.abort();
  }
}
