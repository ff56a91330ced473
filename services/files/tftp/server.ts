/** Files over TFTP (RFC 1350), for reading: each request gets a transfer on a port of its own. */
import type { FileHandle } from 'node:fs/promises';
import type { Emitter, Endpoint } from '../../events.ts';
import type { Service } from '../../serve.ts';
import { codeOf } from '../../tcp-listener.ts';
import { type Datagram, listenDatagram } from '../../udp-sockets.ts';
import { bounded } from '../named.ts';
import { type OpenFile, openInside, type Refusal } from '../root.ts';
import { blocksOf, netascii } from './blocks.ts';
import { settingsFrom } from './options.ts';
import { CODES, errorPacket, type Request, requestIn } from './packets.ts';
import { type Slot, Slots } from './slots.ts';
import { transfer } from './transfer.ts';
import { connected, type Socket } from './wire.ts';

export interface TftpOptions {
  readonly hosts: readonly string[];
  readonly events: Emitter;
  readonly port: number;
  readonly root: string;
}

/** Memory that a transfer reads ahead. */
const CHUNK_BYTES = 64 << 10;

/** @throws StartError */
export async function listenTftp({ hosts, events, port, root }: TftpOptions): Promise<Service> {
  const transfers = new Transfers(root, events);
  const service = await listenDatagram({
    hosts,
    events,
    port,
    groups: [],
    service: 'tftp',
    setting: 'PORT_TFTP',
    textOf: (packet) => requestIn(packet)?.name,
    onDatagram: (datagram) => void transfers.asked(datagram),
  });
  return {
    get addresses() {
      return service.addresses;
    },
    async close(graceMs) {
      await service.close(graceMs);
      await transfers.close(graceMs);
    },
  };
}

class Transfers {
  readonly #root: string;
  readonly #events: Emitter;
  readonly #slots = new Slots();
  readonly #running = new Set<Promise<void>>();

  constructor(root: string, events: Emitter) {
    this.#root = root;
    this.#events = events;
  }

  async asked(datagram: Datagram): Promise<void> {
    const { data, peer, report } = datagram;
    const ignore = (reason: string) => report('ignore', { reason, bytes: data.length });
    const request = requestIn(data);
    if (request === undefined) return ignore('no request of TFTP');
    // RFC 1123, section 4.2.3.5.
    if (!datagram.unicast) return ignore('a request to a broadcast address or a group');
    const wrong = wrongIn(request);
    if (wrong !== undefined) return refuse(datagram, request, ...wrong);
    const found = await openInside(this.#root, request.name);
    if ('refusal' in found) return refuse(datagram, request, CODE_OF[found.refusal], found.refusal);
    const slot = this.#slots.take(peer);
    if (typeof slot === 'string') {
      await found.file.close();
      return ignore(slot);
    }
    const running = this.#run(datagram, request, found, slot);
    this.#running.add(running);
    await running.finally(() => this.#running.delete(running));
  }

  /** Lets those that run finish, and ends the rest after `graceMs`. */
  async close(graceMs = 2000): Promise<void> {
    const timer = setTimeout(() => this.#slots.endAll('the server stops'), graceMs);
    await Promise.all(this.#running);
    clearTimeout(timer);
  }

  async #run(datagram: Datagram, request: Request, found: OpenFile, slot: Slot): Promise<void> {
    try {
      const wire = await connected(datagram.local.address, datagram.peer);
      slot.onEnd(wire.end);
      await this.#transfer(wire, datagram.peer, request, found, slot.proven).finally(wire.close);
    } catch (error) {
      datagram.report('error', { code: codeOf(error) });
    } finally {
      slot.free();
      await found.file.close();
    }
  }

  async #transfer(
    wire: Socket,
    peer: Endpoint,
    request: Request,
    { file, size, name }: OpenFile,
    onProof: () => void,
  ): Promise<void> {
    const text = request.mode === 'netascii';
    const settings = settingsFrom(request.options, text ? undefined : size);
    const bytes = whole(file, size);
    const blocks = blocksOf(text ? netascii(bytes) : bytes, settings.blockBytes);
    const report = (event: string, details: object) =>
      this.#events.emit({ event, transport: 'udp', peer, local: wire.local, ...details });
    report('send', { file: bounded(name), size });
    const { by, ...rest } = await transfer(wire, blocks, settings, onProof);
    report('close', { by, ...rest });
  }
}

const CODE_OF: Readonly<Record<Refusal, number>> = {
  missing: CODES.missing,
  folder: CODES.access,
  outside: CODES.access,
  invalid: CODES.access,
  unreadable: CODES.access,
  busy: CODES.undefined,
};

function wrongIn({ does, mode }: Request): [code: number, reason: string] | undefined {
  if (does === 'write') return [CODES.access, 'read-only'];
  return mode === 'octet' || mode === 'netascii' ? undefined : [CODES.illegal, 'mode'];
}

/** The answer is never longer than the request: its source may be false. */
function refuse({ data, report, reply }: Datagram, { name }: Request, code: number, reason: string): void {
  report('refuse', { reason, file: bounded(name.toString()) });
  reply(errorPacket(code, reason.slice(0, Math.max(0, data.length - errorPacket(code, '').length))));
}

/** A file that has become shorter must not look complete. */
async function* whole(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  let at = 0;
  while (at < size) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new Error('the file has become shorter');
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
