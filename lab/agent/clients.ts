/** The clients of the five programs, as the tutorials write them: time, NTP, download, chat. */

import type { Endpoint } from './endpoint.ts';
import { failure, since, timedOut } from './failures.ts';
import type { Handles } from './handles.ts';
import { wallClock } from './listener-events.ts';
import { decodeAnswer, encodeRequest, kissIn } from './ntp.ts';
import { type AgentCalls, NetworkFailure } from './protocol.ts';

type Sockets = Pick<
  AgentCalls,
  'tcpConnect' | 'tcpSend' | 'tcpReceive' | 'udpOpen' | 'udpSend' | 'udpReceive'
>;
type ClientCalls = Pick<AgentCalls, 'time' | 'ntp' | 'download' | 'chat'>;

const CHUNK = 64 * 1024;

/** Throws where no time is left: a peer that never stops must not be listened to for ever. */
function left(deadline: number, start: number): number {
  const milliseconds = deadline - performance.now();
  if (milliseconds <= 0) throw timedOut('download', start);
  return milliseconds;
}

export function clientCalls(sockets: Sockets, handles: Handles): ClientCalls {
  /** One datagram there, one back; the local address is told also when nothing comes. */
  async function ask(to: Endpoint, bytes: Uint8Array, giveUp: number) {
    const { handle, local } = await sockets.udpOpen({ to, connect: true });
    try {
      await sockets.udpSend({ handle, bytes });
      const { bytes: answer } = await sockets.udpReceive({ handle, giveUp });
      return { local, answer: Buffer.from(answer) };
    } catch (error) {
      if (error instanceof NetworkFailure) error.data.local ??= local;
      throw error;
    } finally {
      await handles.close(handle);
    }
  }

  async function* untilEnd(handle: string, start: number, deadline: number): AsyncGenerator<Buffer> {
    for (;;) {
      const giveUp = left(deadline, start);
      const { bytes, end } = await sockets.tcpReceive({ handle, max: CHUNK, giveUp });
      if (end) return;
      yield Buffer.from(bytes);
    }
  }

  return {
    time: async ({ to, format, giveUp }) => {
      const { local, answer } = await ask(to, Buffer.from(format), giveUp);
      return { local, text: answer.toString() };
    },

    ntp: async ({ to, version, giveUp }) => {
      const start = performance.now();
      const sent = wallClock() / 1e6;
      const request = encodeRequest(version, sent);
      const { local, answer } = await ask(to, request, giveUp);
      const arrived = wallClock() / 1e6;
      const found = decodeAnswer(answer, request, sent, arrived);
      if (typeof found === 'string')
        throw failure(new Error(`not an NTP answer: ${found}`), 'ntp', start, local);
      const kiss = kissIn(found);
      if (kiss === undefined) return { local, ...found };
      const { code: errno, message } = kiss;
      const after = since(start);
      throw new NetworkFailure({
        kind: 'refused',
        ...{ errno, syscall: 'ntp', message, after, local, came: answer },
      });
    },

    download: async ({ to, name, keep, giveUp }) => {
      // Loaded where it is needed: it takes a tenth of an agent's start.
      const { createHash } = await import('node:crypto');
      const start = performance.now();
      const deadline = start + giveUp;
      const { handle, local } = await sockets.tcpConnect({ to, giveUp });
      const hash = createHash('sha256');
      const head: Buffer[] = [];
      let bytes = 0;
      try {
        // A bare name and then waiting, as the tutorials do it (P7).
        await sockets.tcpSend({ handle, bytes: Buffer.from(name), giveUp: left(deadline, start) });
        for await (const chunk of untilEnd(handle, start, deadline)) {
          hash.update(chunk);
          if (bytes < keep) head.push(chunk.subarray(0, keep - bytes));
          bytes += chunk.length;
        }
      } catch (error) {
        if (error instanceof NetworkFailure) error.data.local ??= local;
        throw error;
      } finally {
        await handles.close(handle);
      }
      return { local, bytes, sha256: hash.digest('hex'), head: Buffer.concat(head) };
    },

    chat: async ({ to, name, giveUp }) => {
      const start = performance.now();
      const opened = await sockets.udpOpen({ to });
      const { handle, local } = opened;
      try {
        await sockets.udpSend({ handle, bytes: Buffer.from(`/login ${name}`) });
        const { bytes } = await sockets.udpReceive({ handle, giveUp });
        return { ...opened, answer: Buffer.from(bytes).toString() };
      } catch (error) {
        await handles.close(handle);
        throw error instanceof NetworkFailure && error.data.kind === 'timeout'
          ? timedOut('chat', start, local)
          : error;
      }
    },
  };
}
