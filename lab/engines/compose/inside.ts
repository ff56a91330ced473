/** Inside the service `lab`: the hosts are up already, and are left up. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { patient } from '../../agent/patience.ts';
import type { Plan } from '../../model/planned.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { type HeardProgram, hear, unheard } from './programs.ts';
import { connectAll } from './sockets.ts';
import { never } from './unsupported.ts';

/** Milliseconds: the agents were started before us, so a missing agent is not late but gone. */
const LISTENS_WITHIN = 15_000;

export function inside(sockets: string, events: string): Pick<Engine, 'probe' | 'up' | 'sweep'> {
  return {
    probe: () => probe(sockets),
    up: (plan, options) => up(plan, sockets, events, options),
    // `docker compose down` takes down all that `docker compose up` made.
    sweep: async () => [],
  };
}

async function probe(sockets: string): Promise<EngineReport> {
  try {
    await readdir(sockets);
    return { name: 'compose', version: 'inside' };
  } catch (error) {
    const why = `the folder of the agents' sockets cannot be read: ${(error as Error).message}`;
    return { name: 'compose', lacking: { why, hint: 'start it with `docker compose up`' } };
  }
}

async function up(
  plan: Plan,
  sockets: string,
  events: string,
  { progress, signal, id }: UpOptions,
): Promise<LiveNetwork> {
  progress('waiting for the agents');
  const streams = await connectAll(sockets, plan.hosts, { signal, within: patient(LISTENS_WITHIN) });
  const heard: HeardProgram[] = [];
  return {
    id: id ?? plan.lab,
    stream: (host) => streams.get(host)!,
    start: async ({ name, program }, output) => {
      if (program?.kind !== 'service') return unheard();
      const running = hear(join(events, name), output);
      heard.push(running);
      return running;
    },
    add: async () => {
      throw never('changes');
    },
    remove: async () => {
      throw never('changes');
    },
    [Symbol.asyncDispose]: async () => {
      for (const stream of streams.values()) stream.destroy();
      await Promise.all(heard.map((program) => program[Symbol.asyncDispose]()));
    },
  };
}
