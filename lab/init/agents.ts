/** The agents of a lab's hosts: each a thread of this process that lives in its host's namespaces. */

import { closeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { lacksDescriptors } from '../agent/descriptors.ts';
import { signalAll } from '../agent/processes.ts';
import type { AgentCalls, CutRequest, ProcessState } from '../agent/protocol.ts';
import { BETWEEN_THREADS } from './between-threads.ts';
import type { Host } from './hosts.ts';
import { open } from './namespaces.ts';
import { portStream } from './port-stream.ts';
import { asInHost, processesOf } from './processes.ts';
import type { Programs } from './programs.ts';
import { cableOf, cardOf, type Switch } from './switch.ts';

/** The calls that an agent cannot do from inside its host. */
export interface OutsideCalls {
  cut(request: CutRequest): Promise<void>;
  heal(id: string): Promise<void>;
  cutOff(): Promise<string[]>;
  plug(card: string, state: 'up' | 'down'): Promise<void>;
  impair(request: Parameters<AgentCalls['impair']>[0]): Promise<void>;
  relieve(request: Parameters<AgentCalls['relieve']>[0]): ReturnType<AgentCalls['relieve']>;
  accountOfCables(): ReturnType<AgentCalls['accountOfCables']>;
  processes(): Promise<ProcessState[]>;
  signalProgram(request: Parameters<AgentCalls['signalProgram']>[0]): Promise<number>;
}

export interface AgentData {
  /** Process 1 of the host, by its number in the lab. */
  process: number;
  /** Open files of process namespaces: the lab's, and the host's. The code that started the thread closes them. */
  home: number;
  processes: number;
  setup: Host['setup'];
  /** Whether cables can be cut here. */
  cuts: boolean;
  stream: MessagePort;
  outside: MessagePort;
}

/** Bundles lie beside each other. */
const THREAD = new URL('./agent-thread.mjs', import.meta.url);

export interface Around {
  switch: Switch;
  programs: Programs;
  cuts: boolean;
}

/** `ended` is called when the agent ends, with its last words, and whether it lacked file descriptors. */
export function startAgent(
  host: Host,
  stream: Duplex,
  around: Around,
  ended: (words: string, few: boolean) => void,
): Worker {
  const [bytes, outside] = [new MessageChannel(), new MessageChannel()];
  const home = open('thread-self', ['pid']).get('pid')!;
  const processes = open(host.process, ['pid']).get('pid')!;
  const workerData: AgentData = {
    process: host.process,
    home,
    processes,
    setup: host.setup,
    cuts: around.cuts,
    stream: bytes.port2,
    outside: outside.port2,
  };
  createBirpc<object, OutsideCalls>(outsideOf(host, around), {
    post: (message) => outside.port1.postMessage(message),
    on: (receive) => outside.port1.on('message', receive),
    ...BETWEEN_THREADS,
  });
  const worker = new Worker(THREAD, {
    workerData,
    transferList: [bytes.port2, outside.port2],
    // The code that opens a file closes it.
    trackUnmanagedFds: false,
  });
  const own = portStream(bytes.port1);
  own.pipe(stream, { end: false });
  stream.pipe(own);
  let words = '';
  let few = false;
  worker.once('error', (error: Error) => {
    words = error.stack ?? error.message;
    few = lacksDescriptors(error);
  });
  worker.once('exit', () => {
    for (const file of [home, processes]) closeSync(file);
    ended(words, few);
  });
  return worker;
}

function outsideOf(host: Host, { switch: between, programs }: Around): OutsideCalls {
  const cable = (card: string) => cableOf({ host: host.name, card });
  const processes = (): ProcessState[] => processesOf(host.process, programs.ofHost(host.name));
  return {
    cut: (request) => between.cut(host.name, request),
    heal: (id) => between.heal(host.name, id),
    cutOff: async () => between.cutOff(host.name),
    plug: (card, state) => between.plug(host.name, card, state),
    impair: ({ card, id, stages }) => between.cables.impair(cable(card), id, stages),
    relieve: ({ card, id }) => between.cables.relieve(cable(card), id),
    accountOfCables: async () => {
      const cards = host.setup.interfaces.map(({ name }) => name);
      const told = await between.cables.told(cards.map(cable));
      const ofCard = <T extends { cable: string }>(one: T) => ({ ...one, cable: cardOf(one.cable) });
      return {
        verdicts: told.verdicts.map(ofCard),
        tallies: told.tallies.map(ofCard),
        missed: told.missed.map(ofCard),
      };
    },
    processes: async () => asInHost(processes()),
    signalProgram: async ({ signal }) =>
      signalAll(
        processes().map(({ pid }) => pid),
        signal,
      ),
  };
}
