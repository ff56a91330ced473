/** The first line of an HTTP/1 message (RFC 9112 sections 3 and 4), known by its form, on whatever port it is. */

/** The longest first line that is read. */
const LONGEST = 8192;
/** Characters of a first line that are shown. */
const SHOWN = 60;

export interface Http {
  /** A request: its method and its target. */
  method?: string;
  path?: string;
  /** An answer: its status, and the words behind it. */
  status?: number;
  reason?: string;
  version: string;
}

const REQUEST = /^([A-Z]{3,16}) ([!-~]+) HTTP\/(1\.[01])$/;
const STATUS = /^HTTP\/(1\.[01]) ([1-5]\d\d)(?: ([\t -~]*))?$/;

/** Undefined where the bytes do not begin with the first line of a message. */
export function readHttp(bytes: Uint8Array): Http | undefined {
  const first = firstLine(bytes);
  const [, method, path, asked] = REQUEST.exec(first) ?? [];
  if (method !== undefined) return { method, path: path!, version: asked! };
  const [, answered, status, reason = ''] = STATUS.exec(first) ?? [];
  return answered === undefined ? undefined : { status: Number(status), reason, version: answered };
}

/** `GET /x HTTP/1.1`, `200 OK` */
export function describeHttp(bytes: Uint8Array): string | undefined {
  const found = readHttp(bytes);
  return found && showHttp(found);
}

export function showHttp({ method, path, version, status, reason }: Http): string {
  if (method === undefined) return `${status} ${reason}`.trim();
  return `${method} ${path!.length > SHOWN ? `${path!.slice(0, SHOWN)}…` : path} HTTP/${version}`;
}

function firstLine(bytes: Uint8Array): string {
  // Every first line begins with a capital. Most payloads do not.
  if (bytes[0] === undefined || bytes[0] < 0x41 || bytes[0] > 0x5a) return '';
  const end = bytes.subarray(0, LONGEST).indexOf(0x0d);
  return end < 0 ? '' : Buffer.from(bytes.subarray(0, end)).toString('latin1');
}
