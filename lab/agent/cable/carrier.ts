/** The thread that carries frames, as the rest of the process sees it: started when the first cable is opened. */
import { closeSync, writeSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';
import { openPipe } from '../pipe.ts';
import type { ThreadData } from './thread.ts';
import type { Answer, CableAccount, Request, ThreadCalls } from './thread-calls.ts';

/** The code of the thread: a bundle beside this bundle, or a source beside this source. */
const THREAD = new URL(
  import.meta.url.endsWith('.mjs') ? './cable-thread.mjs' : './thread.ts',
  import.meta.url,
);

type Asynchronous = {
  [Name in keyof ThreadCalls]: (
    argument: Parameters<ThreadCalls[Name]>[0],
  ) => Promise<ReturnType<ThreadCalls[Name]>>;
};

type Ask = (call: keyof ThreadCalls, argument: unknown) => Promise<unknown>;

export class Carrier implements Asynchronous {
  #running: Promise<Ask> | undefined;
  readonly #begun: () => void;
  /** Whether `begun` has been called. */
  #said = false;

  /** `begun` is called when its thread has done what it was asked for the first time. */
  constructor(begun: () => void = () => {}) {
    this.#begun = begun;
  }

  open(cable: Parameters<ThreadCalls['open']>[0]): Promise<void> {
    return this.#ask('open', cable);
  }

  stand(request: Parameters<ThreadCalls['stand']>[0]): ReturnType<Asynchronous['stand']> {
    return this.#ask('stand', request);
  }

  forget(request: Parameters<ThreadCalls['forget']>[0]): Promise<void> {
    return this.#ask('forget', request);
  }

  rehang(request: Parameters<ThreadCalls['rehang']>[0]): Promise<void> {
    return this.#ask('rehang', request);
  }

  async close(cable: string): Promise<void> {
    if (this.#running) await this.#ask('close', cable);
  }

  async told(): Promise<CableAccount> {
    return this.#running ? this.#ask('told', undefined) : { verdicts: [], tallies: [], missed: [] };
  }

  async #ask<T>(call: keyof ThreadCalls, argument: unknown): Promise<T> {
    // If it cannot begin, perhaps because there is no file descriptor left, the next call tries again.
    this.#running ??= begin().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    const answer = (await (await this.#running)(call, argument)) as T;
    if (!this.#said) this.#begun();
    this.#said = true;
    return answer;
  }
}

async function begin(): Promise<Ask> {
  const { readable, writable } = await openPipe();
  const { port1, port2 } = new MessageChannel();
  const data: ThreadData = { port: port2, bell: readable };
  const worker = new Worker(THREAD, { workerData: data, transferList: [port2], trackUnmanagedFds: false });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let number = 0;
  let failed: Error | undefined;
  const over = (why: Error) => {
    failed ??= why;
    for (const one of waiting.values()) one.reject(failed);
    waiting.clear();
  };
  worker.once('error', over);
  worker.once('exit', () => {
    process.off('exit', hangUp);
    hangUp();
    closeSync(readable);
    port1.close();
    over(new Error('the thread that carries frames has ended'));
  });
  port1.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (waiting.size === 0) port1.unref();
    if ('error' in answer) asked?.reject(Object.assign(new Error(answer.error.message), answer.error));
    else asked?.resolve(answer.result);
  });
  // When this process ends, Node waits for the thread. The thread waits in the kernel until the pipe is closed.
  const hangUp = () => closeSync(writable);
  process.once('exit', hangUp);
  // The thread does not keep the process alive.
  worker.unref();
  port1.unref();
  return (call, argument) => {
    if (failed) return Promise.reject(failed);
    const asked = Promise.withResolvers<unknown>();
    waiting.set(++number, asked);
    port1.ref();
    port1.postMessage({ number, call, argument } as Request);
    writeSync(writable, '.');
    return asked.promise;
  };
}
