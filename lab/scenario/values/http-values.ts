/** The values of an HTTP request as a scenario writes them: whom it goes to, its method, its path, its headers. RFC 9110. */
import { z } from 'zod';
import { reading, readText, show, Wrong } from '../../model/reading.ts';
import type { Hint } from '../../wire/lines/hint.ts';
import type { Part } from '../text/part.ts';
import { controlIn } from './control-characters.ts';

/** The methods of RFC 9110 section 9.3 and RFC 5789 that one request can have by itself. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
export type Method = (typeof METHODS)[number];

/** Methods whose requests have no content (RFC 9110 sections 9.3.1, 9.3.2 and 9.3.8). */
export const WITHOUT_BODY: readonly Method[] = ['GET', 'HEAD', 'TRACE'];

/** A server as a step names it. */
export interface WebTarget {
  /** The host, and the port if one is written. */
  endpoint: string;
  /** The part of the text that this is. */
  part: Part;
  /** The scheme is https. */
  tls: boolean;
  /** The path and the query, where the text is a URL that has one. */
  path?: string;
}

/** The port of a server where none is written (RFC 9110 section 4.2.1). */
export const HTTP_PORT = 80;
/** The same over TLS (RFC 9110 section 4.2.2). */
export const HTTPS_PORT = 443;

/** The port of a server where the text names none. */
export function portOf({ tls }: WebTarget): number {
  return tls ? HTTPS_PORT : HTTP_PORT;
}

const AS_SERVER: Hint = ({ other }) => `write to: ${other}, or to: "http://${other}/"`;

/** Reads `web`, `web:8080`, `http://web:8080/path?query` or the same with `https`. */
export function readWebTarget(text: string): WebTarget | Wrong {
  const [, scheme, endpoint = '', path] = /^(?:([a-z]+):\/\/)?([^/?#]*)(.*)$/is.exec(text) ?? [];
  const tls = scheme?.toLowerCase() === 'https';
  if (scheme !== undefined && scheme.toLowerCase() !== 'http' && !tls)
    return new Wrong(`${scheme}:// is not spoken by this step`, `write http://${endpoint}${path}`);
  if (endpoint === '') return new Wrong(`${show(text)} names no host`, AS_SERVER);
  if (endpoint.includes('@'))
    return new Wrong('a user and a password do not stand in the URL', 'write headers: { Authorization: … }');
  if (scheme === undefined && path)
    return new Wrong(`${show(text)} is neither a host nor a URL`, `write "http://${text}"`);
  const part = { from: text.indexOf(endpoint), length: endpoint.length };
  if (!path) return { endpoint, part, tls };
  const target = readPath(path.startsWith('/') ? path : `/${path}`, `${scheme}://${endpoint}`);
  return target instanceof Wrong ? target : { endpoint, part, tls, path: target };
}

export const webTarget = reading(
  (input) => {
    const text = readText(input, 'a host or a URL');
    if (text instanceof Wrong) return text;
    if (text === '' || /\s/.test(text))
      return new Wrong(`${show(text)} is neither a host nor a URL`, AS_SERVER);
    const read = readWebTarget(text);
    return read instanceof Wrong ? read : text;
  },
  {
    title: 'server',
    type: 'string',
    pattern: '^\\S+$',
    description: 'host, host:port, http://host:port/path or https://host:port/path.',
  },
);

/** `server` stands before the path in what an author can type instead: it is empty for a path alone. */
function readPath(path: string, server = ''): string | Wrong {
  const write = (better: string) => `write ${JSON.stringify(server + better)}`;
  if (path === '*') return path;
  if (path.includes('#')) return new Wrong('a fragment (#…) is never sent', write(path.replace(/#.*$/s, '')));
  const encoded = encodeURI(path.startsWith('/') ? path : `/${path}`).replaceAll('%25', '%');
  if (/[^\x21-\x7e]/.test(path))
    return new Wrong(`${show(path)} has characters that a path cannot have`, write(encoded));
  return path.startsWith('/') ? path : new Wrong(`${show(path)} does not begin with /`, write(encoded));
}

/** The path and the query. `*` is for OPTIONS alone (RFC 9112 section 3.2.4). */
export const path = reading(
  (input) => {
    const text = readText(input, 'a path');
    return text instanceof Wrong ? text : readPath(text);
  },
  { title: 'path', type: 'string', pattern: '^(/[!-~]*|\\*)$', description: 'A path, from its first /.' },
);

/** A method, in capitals: methods are told apart by their case (RFC 9110 section 9.1). */
export const method = reading(
  (input) => {
    const known = METHODS.find((one) => one === input);
    if (known) return known;
    const small = METHODS.find((one) => typeof input === 'string' && one === input.toUpperCase());
    const hint = small ? `write ${small}` : `methods are ${METHODS.join(', ')}`;
    return new Wrong(`${show(input)} is not a method of HTTP`, hint);
  },
  { title: 'method', type: 'string', enum: [...METHODS] },
);

/** Headers that follow from the body: a wrong one would leave the server waiting, or reading too little. */
const FRAMING = ['content-length', 'transfer-encoding', 'expect', 'upgrade', 'trailer'];

const headerName = reading(
  (input) => {
    const text = typeof input === 'string' ? input : show(input);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text))
      return new Wrong(`${show(input)} cannot name a header`, 'write letters, digits and hyphens');
    if (!FRAMING.includes(text.toLowerCase())) return text;
    const why = `lanlab writes \`${text}\` itself, where it is needed`;
    return new Wrong(why, 'leave it out; for a request with a wrong one write its bytes: tcp: { to, send }');
  },
  { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
);

/** Text or a number. Bytes beyond ASCII have no meaning in a header (RFC 9110 section 5.5). */
const headerValue = reading(
  (input) => {
    if (typeof input === 'number' && Number.isFinite(input)) return String(input);
    const text = readText(input);
    if (text instanceof Wrong) return text;
    const control = controlIn(text);
    if (control !== undefined) return new Wrong(`${control} cannot stand in a header`, 'write one line');
    return /^[\x20-\x7e]*$/.test(text)
      ? text.trim()
      : new Wrong(`${show(text)} has characters that a header cannot have`, 'write ASCII alone');
  },
  { title: 'value', type: ['string', 'number'] },
);

/** Names as they are sent, each once: the case of a name has no meaning (RFC 9110 section 5.1). */
export const headers = z.record(headerName, headerValue).superRefine((written, context) => {
  const names = Object.keys(written);
  names.forEach((name, index) => {
    const other = names.slice(0, index).find((one) => one.toLowerCase() === name.toLowerCase());
    if (other === undefined) return;
    const message = `\`${other}\` and \`${name}\` are one header`;
    const params = { hint: `join their values: { ${other}: "${written[other]}, ${written[name]}" }` };
    context.addIssue({ code: 'custom', message, path: [name], params });
  });
});
