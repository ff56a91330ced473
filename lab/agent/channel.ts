/** Typed calls over a byte stream, the same at both ends: birpc on length-prefixed, structured-clone messages. */
import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import { type BirpcReturn, createBirpc } from 'birpc';
import { FrameReader, frameSender } from './framing.ts';
import { NetworkFailure, type NetworkFailureData } from './protocol.ts';

/** Longer than any step may wait: the call's own limit (`giveUp`) is kept by the agent. */
const CALL_LIMIT = 15 * 60 * 1000;

/** An error on its way: only a NetworkFailure keeps its facts, any other its words. */
type ErrorOnTheWire = { failure: NetworkFailureData } | { message: string; stack?: string | undefined };

interface Message {
  e?: unknown;
}

function packError(error: unknown): ErrorOnTheWire {
  if (error instanceof NetworkFailure) return { failure: error.data };
  if (error instanceof Error) return { message: error.message, stack: error.stack };
  return { message: String(error) };
}

function unpackError(packed: ErrorOnTheWire): Error {
  if ('failure' in packed) return new NetworkFailure(packed.failure);
  return Object.assign(new Error(packed.message), { agentStack: packed.stack });
}

function encode(message: Message): Buffer {
  return serialize(message.e === undefined ? message : { ...message, e: packError(message.e) });
}

function decode(bytes: Buffer): Message {
  const message = deserialize(bytes) as Message;
  if (message.e !== undefined) message.e = unpackError(message.e as ErrorOnTheWire);
  return message;
}

/**
 * `local` is what the other side may call, `Remote` what we may call there. When the stream ends, calls that
 * are still waiting are rejected with `lost()`.
 */
export function openChannel<Remote extends object, Local extends object>(
  stream: Duplex,
  local: Local,
  lost: () => Error = () => new Error('the stream to the other side has ended'),
): BirpcReturn<Remote, Local> {
  const reader = new FrameReader();
  const send = frameSender(stream);
  const rpc = createBirpc<Remote, Local>(local, {
    post: (message: Uint8Array) => send(message),
    on: (receive) => {
      stream.on('data', (chunk: Buffer) => {
        for (const message of reader.push(chunk)) receive(message);
      });
    },
    serialize: encode,
    deserialize: decode,
    timeout: CALL_LIMIT,
  });
  const close = () => {
    if (!rpc.$closed) rpc.$close(lost());
  };
  stream.once('end', close).once('close', close).on('error', close);
  return rpc;
}
