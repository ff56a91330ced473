/**
 * The thread that carries the frames of open cables. It does nothing else and never goes back to its event loop. It waits in
 * the kernel: for frames, for the time when one is due, or for a byte in the pipe that announces a call.
 */
import { readSync } from 'node:fs';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Carrying } from './carry.ts';
import { wait } from './packet-socket.ts';
import { bePunctual } from './punctual.ts';
import type { Answer, Request } from './thread-calls.ts';

/** `bell` is the readable end of a pipe. Its other end closes when the side that asks is gone. */
export interface ThreadData {
  port: MessagePort;
  bell: number;
}

const { port, bell } = workerData as ThreadData;
const carrying = new Carrying();
bePunctual();
for (;;) {
  const [asked, ...readable] = wait([bell, ...carrying.files], carrying.next - performance.now());
  carrying.come(readable);
  carrying.leave();
  if (asked && readSync(bell, Buffer.alloc(64)) === 0) break;
  // Frames that were sent before the call are judged before it is answered.
  if (asked) carrying.comeAll();
  for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port))
    port.postMessage(answer(message.message as Request));
}
carrying.end();

function answer({ number, call, argument }: Request): Answer {
  try {
    const work = carrying[call] as (argument: unknown) => unknown;
    return { number, result: work.call(carrying, argument) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { number, error: { message, ...(code !== undefined && { code }) } };
  }
}
