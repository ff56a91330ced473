/** Captures packed with gzip (RFC 1952), unpacked as they come: recognised by their first two bytes, not by their name. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LabError } from '../../errors.ts';

const MAGIC = [0x1f, 0x8b] as const;
/** The most bytes of an unpacked file: a few megabytes can hold a thousand times as many zeros. */
export const MOST_UNPACKED = 2 * 1024 ** 3;

/** The same bytes, unpacked where they are packed. Throws LabError `capture` where they are damaged or too many. */
export async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  most: number = MOST_UNPACKED,
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const head: Uint8Array[] = [];
    let length = 0;
    while (length < MAGIC.length) {
      const { value, done } = await chunks.next();
      if (done) break;
      head.push(value);
      length += value.length;
    }
    const first = head.length === 1 ? head[0]! : Buffer.concat(head);
    const isPacked = MAGIC.every((byte, at) => first[at] === byte);
    if (isPacked) yield* gunzipped(first, chunks, most);
    else {
      if (first.length > 0) yield first;
      yield* rest(chunks);
    }
  } finally {
    await chunks.return?.();
  }
}

async function* rest(chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* gunzipped(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(
    (async function* () {
      yield first;
      yield* rest(chunks);
    })(),
  );
  const gunzip = createGunzip();
  // An error of the source is thrown where the unpacked bytes are read.
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  let length = 0;
  try {
    for await (const chunk of gunzip) {
      length += chunk.length;
      if (length > most) throw tooMuch(most);
      yield chunk;
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged(error) : error;
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

/** Whether an error has a code of zlib: `Z_DATA_ERROR`, or `Z_BUF_ERROR` for a file that ends too early. */
function isOfZlib(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

function damaged(cause: NodeJS.ErrnoException): LabError {
  const what = cause.code === 'Z_BUF_ERROR' ? 'cut off' : 'damaged';
  return new LabError('capture', `the gzip file is ${what}: ${cause.message}`, {
    hint: 'copy the file again; the bytes before that can be read',
    cause,
  });
}

function tooMuch(most: number): LabError {
  return new LabError('capture', `the gzip file comes to more than ${most} bytes when it is unpacked`, {
    hint: 'unpack it and take a part of it: gunzip FILE, then editcap -r IN OUT 1-100000',
  });
}
