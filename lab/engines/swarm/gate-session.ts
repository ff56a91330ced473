/**
 * One HTTP/2 connection to the gate of a node, through the relay. Each connection to the node's Docker Engine is a stream of it
 * (RFC 9113 section 8.5): to dial one costs a frame, and not a process in the relay.
 */
import { Agent, type ClientRequestArgs } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type Docker from 'dockerode';
import { CIPHER, GATE_PORT, IDENTITY, MEMORY, SETTINGS } from '../../keeper/gate-calls.ts';
import { atKernelSocket } from './kernel-socket.ts';
import { dial } from './through-exec.ts';

/** Bytes of all streams that may be on their way to us. */
const WINDOW = 16 * 2 ** 20;

type Made = (error: Error | null, stream: Duplex) => void;

/** Connections to the Docker Engine behind a gate. */
export class GateAgent extends Agent {
  readonly #relay: Docker.Container;
  readonly #address: string;
  readonly #key: Buffer;
  /** The connection to the gate; undefined where there is none, or it has ended. */
  #session: Promise<ClientHttp2Session> | undefined;

  constructor(relay: Docker.Container, address: string, key: Buffer) {
    super();
    this.#relay = relay;
    this.#address = address;
    this.#key = key;
  }

  override createConnection(_: ClientRequestArgs, made?: Made): undefined {
    void this.#stream().then(
      (stream) => made?.(null, stream),
      (error: Error) => made?.(error, undefined as never),
    );
    return undefined;
  }

  /** Ends the connection to the gate, and with it all of its streams. */
  override destroy(): void {
    super.destroy();
    void this.#session?.then((session) => session.destroy()).catch(() => {});
  }

  async #stream(): Promise<Duplex> {
    this.#session ??= this.#begin();
    const session = await this.#session;
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'docker' }, { endStream: false });
    // A request has its error already. Without a listener, a stream that is aborted later ends the command.
    return likeSocket(stream).on('error', () => {});
  }

  async #begin(): Promise<ClientHttp2Session> {
    const over = () => {
      this.#session = undefined;
    };
    try {
      const socket = await atKernelSocket(await dial(this.#relay, this.#address, GATE_PORT));
      const secure = connectTls({
        socket,
        ALPNProtocols: ['h2'],
        ciphers: CIPHER,
        maxVersion: 'TLSv1.2',
        pskCallback: () => ({ psk: this.#key, identity: IDENTITY }),
        checkServerIdentity: () => undefined,
      } as unknown as ConnectionOptions);
      const session = connectHttp2(`https://${this.#address}`, {
        createConnection: () => secure,
        settings: SETTINGS,
        peerMaxConcurrentStreams: SETTINGS.maxConcurrentStreams,
        maxSessionMemory: MEMORY,
      });
      session.once('close', over);
      await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
      session.on('error', () => {}); // Each of its streams has it.
      session.setLocalWindowSize(WINDOW);
      return session;
    } catch (error) {
      over();
      throw error;
    }
  }
}

/**
 * A stream with what HTTP/1.1 asks of its socket, which a stream of HTTP/2 does not have or has for its whole connection. It takes
 * one chunk after the other as bytes: of several at once, with an empty one behind, Node frees the bytes before it has sent them.
 */
function likeSocket(stream: Duplex): Duplex {
  const nothing = () => stream;
  return Object.assign(Duplex.from({ readable: stream, writable: stream }), {
    setTimeout: nothing,
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
  });
}
