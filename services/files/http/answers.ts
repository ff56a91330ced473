/** The answer to one request: a file or a part of it, a listing, a redirect, or a status that says why not. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { contentType } from 'mime-types';
import send from 'send';
import type { Connection } from '../../tcp-listener.ts';
import { writeBytes } from '../bytes.ts';
import { bounded } from '../named.ts';
import { type OpenFile, type OpenFolder, openAny, pathOf, type Refusal } from '../root.ts';
import { Digests, wantedAlgorithm } from './digest.ts';
import { entriesOf, LISTED_NAMES, listingAsHtml, listingAsJson } from './listing.ts';
import { nameOf, targetOf } from './target.ts';

const METHODS = ['GET', 'HEAD'];

type Reason = Refusal | 'method' | 'malformed' | 'condition' | 'range' | 'long';
const REFUSALS: Readonly<Record<Reason, readonly [status: number, sentence: string]>> = {
  missing: [404, 'There is no file of this name.'],
  invalid: [404, 'No file can have this name, or it is no regular file.'],
  outside: [403, 'The name leads out of the folder.'],
  unreadable: [403, 'The file cannot be read.'],
  folder: [403, 'It is a folder.'],
  long: [403, `The folder has more than ${LISTED_NAMES} names, so it is not listed.`],
  malformed: [400, 'The percent-encoding of the target is wrong.'],
  method: [405, `Allowed: ${METHODS.join(', ')}.`],
  condition: [412, 'The file is not the one that the condition asks for.'],
  range: [416, 'The file is shorter.'],
  busy: [503, 'Too many files are open. Try again.'],
};

export class Answers {
  readonly #root: string;
  readonly #digests = new Digests();

  constructor(root: string) {
    this.#root = root;
  }

  /** `over` settles when the response is sent or its connection is gone. */
  async give(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    over: Promise<unknown>,
  ): Promise<void> {
    const method = request.method ?? '';
    const wanted = nameOf(request.url ?? '');
    const name = wanted?.toString() ?? '';
    connection.message('receive', wanted ?? Buffer.from(request.url ?? ''), { details: { method } });
    const refuse = (reason: Reason, headers = {}) => refused(response, connection, { reason, name, headers });
    if (!METHODS.includes(method))
      return refuse('method', { Allow: METHODS.join(', '), Connection: 'close' });
    if (wanted === undefined) return refuse('malformed');
    const found = await openAny(this.#root, wanted);
    if ('refusal' in found) return refuse(found.refusal);
    try {
      if ('folder' in found) await this.#list(found, request, response, connection);
      else await this.#send(found, request, response, connection);
      await over;
    } finally {
      await ('folder' in found ? found.folder : found.file).close();
    }
  }

  async #send(
    found: OpenFile,
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
  ): Promise<void> {
    const { name, size, stats, file } = found;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Type', contentType(extname(name)) || 'application/octet-stream');
    response.setHeader('ETag', `"${stats.mtimeNs.toString(16)}-${stats.size.toString(16)}"`);
    const algorithm = wantedAlgorithm(request.headers['want-repr-digest']?.toString());
    const digest = algorithm && (await this.#digests.of(found, algorithm));
    if (digest) response.setHeader('Repr-Digest', digest);
    const tell = () => connection.report('send', { file: bounded(name), size, status: response.statusCode });
    const failed = (reason: Reason, headers = {}) => {
      response.off('finish', tell);
      refused(response, connection, { reason, name, headers });
    };
    // By this path it is the file that was looked at, even where another has its name by now.
    const sending: SendStream = send(request, pathOf(file), { cacheControl: false });
    sending.on('error', (error: SendError) => {
      failed(reasonOf(error), error.status === 416 ? { 'Content-Range': `bytes */${size}` } : {});
    });
    sending.stream = async (_, { start }) => {
      response.off('finish', tell);
      tell();
      const length = Number(response.getHeader('Content-Length'));
      try {
        const sent = await writeBytes(file, response, start, start + length);
        // A file that has become shorter must not look complete.
        if (sent === length) response.end();
        else connection.socket.destroy();
      } catch {
        failed('unreadable');
      }
    };
    sending.pipe(response.once('finish', tell));
  }

  async #list(
    { folder, name }: OpenFolder,
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
  ): Promise<void> {
    if (name !== '.' && !name.endsWith('/')) {
      response.writeHead(301, { Location: `${targetOf(name)}/`, 'Content-Length': 0 }).end();
      connection.report('send', { file: bounded(name), size: 0, status: 301 });
      return;
    }
    const entries = await entriesOf(this.#root, folder);
    if (entries === undefined) return refused(response, connection, { reason: 'long', name, headers: {} });
    const json = wantsJson(request.headers.accept);
    const body = Buffer.from(json ? listingAsJson(entries) : listingAsHtml(name, entries));
    response.setHeader('Content-Type', json ? 'application/json' : 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', "default-src 'none'");
    response.setHeader('Vary', 'Accept');
    response.setHeader('Content-Length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
    connection.report('send', { file: bounded(name), size: body.length, status: 200 });
  }
}

/** `send` reads the file by this method, with a stream: ours is twice as fast. */
interface SendStream extends send.SendStream {
  stream(path: string, bytes: { readonly start: number }): void;
}

interface SendError extends Error {
  readonly status: number;
  readonly code?: string;
}

function reasonOf({ status, code }: SendError): Reason {
  if (status === 416) return 'range';
  if (status === 412) return 'condition';
  return code === 'EMFILE' || code === 'ENFILE' ? 'busy' : 'unreadable';
}

/** JSON for those who name it and not HTML. Browsers name HTML, and other clients often name anything. */
function wantsJson(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept);
}

function refused(
  response: ServerResponse,
  { report, socket }: Connection,
  { reason, name, headers }: { readonly reason: Reason; readonly name: string; readonly headers: object },
): void {
  const [status, sentence] = REFUSALS[reason];
  report('refuse', { reason, file: bounded(name), status });
  // Once a part of the file is sent, no status can follow it.
  if (response.headersSent) {
    socket.destroy();
    return;
  }
  const body = `${status}: ${sentence}\n`;
  const keep = response.getHeader('Connection');
  for (const header of response.getHeaderNames()) response.removeHeader(header);
  if (keep !== undefined) response.setHeader('Connection', keep);
  const common = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...common, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
