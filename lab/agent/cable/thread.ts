/**
 * The thread that carries the frames of open cables. It does nothing else and never goes back to its event loop: it waits
 * in the kernel, for frames, for the next frame that is due, or for a byte in the pipe which says that it is asked something.
 */
import { readSync } from 'node:fs';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Carrying } from './carry.ts';
import { wait } from './packet-socket.ts';
import { bePunctual } from './punctual.ts';
import type { Answer, Request } from './thread-calls.ts';

/** `bell` is the readable end of a pipe; its other end closes with whoever asks. */
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
  // What was sent before it was asked is judged before it is answered.
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
