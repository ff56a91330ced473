/** Typed calls over a byte stream, the same at both ends: birpc on length-prefixed, structured-clone messages. */
import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { type BirpcReturn, createBirpc } from 'birpc';
import { lacksDescriptors } from './descriptors.ts';
import { FrameReader, frameSender, refuseLong } from './framing.ts';
import { NetworkFailure, type NetworkFailureData, Overloaded } from './protocol.ts';
import { type RefusedSetting, SettingRefused } from './setting-refused.ts';

/** The longest time that a timer waits, longer than any step. The agent keeps the call's own limit (`giveUp`). */
export const CALL_LIMIT = 2 ** 31 - 1;

/**
 * An error on its way. A NetworkFailure and a SettingRefused keep their facts. An Overloaded and a lack of descriptors keep
 * their kind. Any other error keeps its words.
 */
type ErrorOnTheWire =
  | { failure: NetworkFailureData }
  | { overloaded: string }
  | { setting: RefusedSetting }
  | { message: string; stack?: string | undefined; code?: 'EMFILE' | undefined };

/** A message of birpc: `t` is `q` for a request, `i` its number (an event has none), `e` an answer's error. */
interface Message {
  t: 'q' | 's';
  i?: string;
  e?: unknown;
}

function packError(error: unknown): ErrorOnTheWire {
  if (error instanceof NetworkFailure) return { failure: error.data };
  if (error instanceof Overloaded) return { overloaded: error.message };
  if (error instanceof SettingRefused) return { setting: error.data };
  if (error instanceof Error) {
    const { message, stack } = error;
    return { message, stack, ...(lacksDescriptors(error) && { code: 'EMFILE' }) };
  }
  return { message: String(error) };
}

function unpackError(packed: ErrorOnTheWire): Error {
  if ('failure' in packed) return new NetworkFailure(packed.failure);
  if ('overloaded' in packed) return new Overloaded(packed.overloaded);
  if ('setting' in packed) return new SettingRefused(packed.setting);
  const { message, stack, code } = packed;
  return Object.assign(new Error(message), { agentStack: stack, ...(code && { code }) });
}

/** The bytes of a message, for a stream or another thread. */
export function encode(message: Message): Buffer {
  return serialize(message.e === undefined ? message : { ...message, e: packError(message.e) });
}

export function decode(bytes: Uint8Array): Message {
  const message = deserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as Message;
  if (message.e !== undefined) message.e = unpackError(message.e as ErrorOnTheWire);
  return message;
}

/** A call once the stream has ended: it is rejected, and nothing goes on the wire. */
function refused(lost: () => Error) {
  const refuse = () => Promise.reject(lost());
  return Object.assign(refuse, { asEvent: refuse });
}

/**
 * `local` has the calls that the other side may make, `Remote` those that we may make there. When the stream ends, or holds
 * anything but our messages, waiting calls and all that follow are rejected with `lost()`.
 */
export function openChannel<Remote extends object, Local extends object>(
  stream: Duplex,
  local: Local,
  lost: () => Error = () => new Error('the stream to the other side has ended'),
): BirpcReturn<Remote, Local> {
  const reader = new FrameReader();
  const send = frameSender(stream);
  const rpc = createBirpc<Remote, Local>(local, {
    post: (message: Message) => {
      const bytes = encode(message);
      // Checked here, so that the caller (or the side that asked) is told. An error of the later send reaches nobody.
      refuseLong(bytes);
      const sent = send(bytes);
      // A call waits for its answer in any case; an event, which has none, waits for room in the stream.
      return message.t === 'q' && message.i === undefined ? sent : undefined;
    },
    on: (receive) => {
      stream.on('data', (chunk: Buffer) => {
        try {
          for (const message of reader.push(chunk)) receive(decode(message));
        } catch (error) {
          stream.destroy(error as Error);
        }
      });
    },
    // A result that cannot be sent is answered with the reason.
    onGeneralError: (_error, method) => method !== undefined,
    timeout: CALL_LIMIT,
  });
  const close = () => {
    if (!rpc.$closed) rpc.$close(lost());
  };
  stream.once('end', close).once('close', close).on('error', close);
  const gone = refused(lost);
  return new Proxy(rpc, {
    get: (open, name) => {
      const call = typeof name === 'string' && !name.startsWith('$') && name !== 'then';
      if (!call) return Reflect.get(open, name);
      return placed(open.$closed ? gone : (Reflect.get(open, name) as Call));
    },
  });
}

type Call = ((...args: unknown[]) => Promise<unknown>) & { asEvent: unknown };

/** An error that comes over the stream was not made here: it gets the stack of its caller. */
function placed(call: Call): Call {
  const ask = async (...args: unknown[]) => {
    try {
      return await call(...args);
    } catch (error) {
      if (error instanceof Error) {
        const [, , ...callers] = (new Error().stack ?? '').split('\n');
        error.stack = [`${error.name}: ${error.message}`, ...callers].join('\n');
      }
      throw error;
    }
  };
  return Object.assign(ask, { asEvent: call.asEvent });
}
