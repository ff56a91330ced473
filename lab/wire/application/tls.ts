/** The first record of TLS in a segment (RFC 8446 section 5.1, RFC 5246 section 6.2), known by its form, on whatever port it is. */
import { uint16 } from '../integer.ts';

/** Type, version and length of a record, and of a message of the handshake. */
const RECORD = 5;
const MESSAGE = 4;
/** The most bytes of a record that is encrypted (RFC 5246 section 6.2.3). */
const LONGEST = 2 ** 14 + 2048;
/** The most bytes of a message that is taken for one: a list of certificates is the longest. */
const LONGEST_MESSAGE = 2 ** 17;
const MAJOR = 3;
/** The minor number of TLS 1.3, the greatest. */
const LAST_MINOR = 4;
const [CHANGE, ALERT, HANDSHAKE, DATA] = [20, 21, 22, 23];
const [CLIENT_HELLO, SERVER_HELLO] = [1, 2];

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [0, 'HelloRequest'],
  [CLIENT_HELLO, 'ClientHello'],
  [SERVER_HELLO, 'ServerHello'],
  [4, 'NewSessionTicket'],
  [11, 'Certificate'],
  [12, 'ServerKeyExchange'],
  [13, 'CertificateRequest'],
  [14, 'ServerHelloDone'],
  [15, 'CertificateVerify'],
  [16, 'ClientKeyExchange'],
  [20, 'Finished'],
  [22, 'CertificateStatus'],
]);

/** A ServerHello that asks for another ClientHello has these 32 bytes in place of random ones (RFC 8446 section 4.1.3). */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** Alerts of RFC 8446 section 6 and RFC 5246 section 7.2. */
const ALERTS: ReadonlyMap<number, string> = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
]);

/** The words for records other than alerts, and for encrypted ones: these are `handshake`, `alert` or `data`. */
export const TLS_MESSAGES: readonly string[] = [
  ...[...MESSAGES.values()],
  ...['HelloRetryRequest', 'handshake', 'ChangeCipherSpec', 'data', 'alert'],
];
export const TLS_ALERTS: readonly string[] = [...ALERTS.values()];

export interface Tls {
  /** One of TLS_MESSAGES or TLS_ALERTS. */
  word: string;
  /** The server that a ClientHello asks for (RFC 6066 section 3). */
  name?: string;
}

/** Undefined where the bytes do not begin with a record. Only the beginning of a record need be there. */
export function readTls(bytes: Uint8Array): Tls | undefined {
  if (bytes.length < RECORD) return undefined;
  const [type, major, minor] = bytes;
  const length = uint16(bytes, 3);
  if (major !== MAJOR || minor! > LAST_MINOR || length === 0 || length > LONGEST) return undefined;
  const content = bytes.subarray(RECORD, RECORD + length);
  if (type === CHANGE) return length === 1 ? { word: 'ChangeCipherSpec' } : undefined;
  if (type === ALERT) return { word: (length === 2 && alertOf(content)) || 'alert' };
  if (type === HANDSHAKE) return handshakeOf(content);
  return type === DATA ? { word: 'data' } : undefined;
}

/** `tls ClientHello web`, `tls alert unknown_ca`, `tls data`. */
export function describeTls(bytes: Uint8Array): string | undefined {
  const found = readTls(bytes);
  return found && showTls(found);
}

export function showTls({ word, name }: Tls): string {
  const isAlert = TLS_ALERTS.includes(word);
  return `tls ${isAlert ? 'alert ' : ''}${word}${name === undefined ? '' : ` ${name}`}`;
}

function alertOf(content: Uint8Array): string | undefined {
  const [level, description] = content;
  return level === 1 || level === 2 ? ALERTS.get(description ?? -1) : undefined;
}

/** After the keys have changed, a message is encrypted: its first bytes are not those of any message. */
function handshakeOf(content: Uint8Array): Tls {
  const word = MESSAGES.get(content[0] ?? -1);
  const length = content.length < MESSAGE ? undefined : (content[1]! << 16) | uint16(content, 2);
  if (word === undefined || length === undefined || length > LONGEST_MESSAGE) return { word: 'handshake' };
  const body = content.subarray(MESSAGE, MESSAGE + length);
  if (content[0] === SERVER_HELLO && isRetry(body)) return { word: 'HelloRetryRequest' };
  const name = content[0] === CLIENT_HELLO ? serverNameIn(body) : undefined;
  return { word, ...(name !== undefined && { name }) };
}

/** Behind the version stands the random of the server. */
function isRetry(body: Uint8Array): boolean {
  return Buffer.from(body.subarray(2, 34)).toString('hex') === RETRY;
}

/** A cursor over bytes that may end anywhere: then all that it reads is undefined. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(size: 1 | 2): number | undefined {
    const at = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) return undefined;
    return size === 1 ? this.#bytes[at]! : uint16(this.#bytes, at);
  }

  skip(size: number): void {
    this.#at += size;
  }

  /** Bytes that have their length before them: all of them, or those that are there where a `part` is enough. */
  vector(size: 1 | 2, part?: 'part'): Uint8Array | undefined {
    const length = this.number(size);
    if (length === undefined) return undefined;
    const from = this.#at;
    this.#at += length;
    return part || this.#at <= this.#bytes.length ? this.#bytes.subarray(from, this.#at) : undefined;
  }
}

const VERSION_AND_RANDOM = 34;
const SERVER_NAME = 0;
const HOST_NAME = 0;

/** RFC 8446 section 4.1.2; the extension: RFC 6066 section 3. */
function serverNameIn(body: Uint8Array): string | undefined {
  const hello = new Reader(body);
  hello.skip(VERSION_AND_RANDOM);
  hello.vector(1); // The session.
  hello.vector(2); // The cipher suites.
  hello.vector(1); // The ways to compress.
  // A long hello goes on in the next segment.
  const extensions = new Reader(hello.vector(2, 'part') ?? new Uint8Array());
  for (let type = extensions.number(2); type !== undefined; type = extensions.number(2)) {
    const value = extensions.vector(2);
    if (value === undefined) return undefined;
    if (type !== SERVER_NAME) continue;
    const list = new Reader(new Reader(value).vector(2) ?? new Uint8Array());
    if (list.number(1) !== HOST_NAME) return undefined;
    return plainName(list.vector(2));
  }
  return undefined;
}

/** A name of characters that names have: others could harm a reader of the line. */
function plainName(bytes: Uint8Array | undefined): string | undefined {
  const text = bytes && Buffer.from(bytes).toString('latin1');
  return text !== undefined && /^[\w.-]{1,255}$/.test(text) ? text : undefined;
}
