import type { Readable } from 'node:stream';
import zlib from 'node:zlib';

/** The body without its content encodings, which stand in the order in which they were applied. */
export function decoded(body: Readable, encoding: string): Readable {
  const steps = encoding.split(',').map((name) => name.trim());
  return steps.reduceRight((inner, step) => through(inner, decoderOf(step)), body);
}

function through(body: Readable, decoder: ReturnType<typeof decoderOf>): Readable {
  if (!decoder) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => body.destroy());
  return body.pipe(decoder);
}

function decoderOf(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'deflate':
      return zlib.createInflate();
    default:
      return undefined;
  }
}

/** The body's bytes; a fault on the way becomes what `fail` makes of it. Leaving the loop early ends the transfer. */
export async function* mappedBody(body: Readable, fail: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield Buffer.from(chunk);
  } catch (error) {
    throw fail(error);
  }
}
