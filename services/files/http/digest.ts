/** `Repr-Digest` (RFC 9530): a hash of the whole file, for a client that asks for it with `Want-Repr-Digest`. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type OpenFile, pathOf } from '../root.ts';

/** The active algorithms of RFC 9530, section 5, and their names in Node. */
const ALGORITHMS: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };
/** A longer file gets no digest, for the answer would have to wait until all of it is read. */
export const DIGEST_BYTES = 1 << 30;
/** So many digests are remembered. */
const REMEMBERED = 1000;

/** The algorithm that the client likes best (section 4: 0 means not at all), or undefined. */
export function wantedAlgorithm(header: string | undefined): string | undefined {
  const wants = (header ?? '').split(',').flatMap((want) => {
    const [, name = '', weight = '1'] = /^\s*([a-z0-9-]+)\s*(?:=\s*(\d+))?\s*$/.exec(want) ?? [];
    return name in ALGORITHMS && Number(weight) > 0 ? [{ name, weight: Number(weight) }] : [];
  });
  return wants.sort((one, other) => other.weight - one.weight)[0]?.name;
}

/** One file is read at a time, so that many who ask cost no more than one. */
export class Digests {
  readonly #known = new Map<string, Promise<string | undefined>>();
  #last: Promise<unknown> = Promise.resolve();

  /** The value of the header; undefined for a file that is too long, or that could not be read. */
  of(found: OpenFile, algorithm: string): Promise<string | undefined> {
    const { dev, ino, size, mtimeNs } = found.stats;
    if (size > DIGEST_BYTES) return Promise.resolve(undefined);
    const key = [dev, ino, size, mtimeNs, algorithm].join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const digest = this.#last.then(() => hash(found, algorithm)).catch(() => undefined);
    this.#last = digest;
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(key, digest);
    // A file that could not be read may be readable later.
    digest.then((value) => (value === undefined ? this.#known.delete(key) : undefined));
    return digest;
  }
}

async function hash({ file, size }: OpenFile, algorithm: string): Promise<string | undefined> {
  const digest = createHash(ALGORITHMS[algorithm]!);
  const bytes = createReadStream(pathOf(file), { end: Math.max(0, size - 1) });
  for await (const chunk of bytes) digest.update(chunk as Buffer);
  return bytes.bytesRead === size ? `${algorithm}=:${digest.digest('base64')}:` : undefined;
}
