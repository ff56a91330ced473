/**
 * The program, with all that it has started, stands still (SIGSTOP). The host's kernel goes on: it completes
 * handshakes up to the backlog, acknowledges what fits the receive buffers, and answers pings.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { patient } from '../agent/patience.ts';
import { LabError } from '../errors.ts';
import { name } from '../scenario/values/values.ts';
import { type FaultKind, standing } from './fault.ts';
import {
  breaking,
  living,
  referenceTo,
  resumeUnlessRunning,
  running,
  showProcesses,
  type WithProgram,
} from './program.ts';

/** Milliseconds in which every process that was sent SIGSTOP has to be seen stopped. */
const STOPS_WITHIN = 5_000;
const LOOK_EVERY = 5;

export const pause: FaultKind<string> = {
  word: 'pause',
  summary:
    'Freezes the program of a host (SIGSTOP). The kernel of the host still answers pings, ARP and SYNs.',
  example: 'fault: { pause: echo }',
  schema: name.describe('The host whose program is frozen.'),
  feature: 'signals',
  references: referenceTo,
  breaks: (host) => breaking(host, 'paused', 'resume'),
  explain: (host) => `pause the program of ${host}`,

  async begin(name, hosts) {
    const host = running(hosts, name);
    if (host.paused) throw new LabError('scenario', `the program of ${name} is paused already`);
    const still = await standStill(host).catch(async (error: unknown) => {
      await host.program.signal('SIGCONT').catch(() => {});
      throw error;
    });
    const did = `paused the program of ${name}: ${still}`;
    host.paused = true;
    const broke = { kind: 'program', host: name, end: 'paused', run: host.program } as const;
    return standing(did, broke, () => resumeUnlessRunning(host));
  },
};

/** Resolves with what was seen to stand still, once all of it does. */
async function standStill(host: WithProgram): Promise<string> {
  if (!host.program.processes) {
    await host.program.signal('SIGSTOP');
    return 'all of its container is frozen';
  }
  const limit = performance.now() + patient(STOPS_WITHIN);
  for (;;) {
    // Again each time: what one of them has started just before it stopped runs.
    await host.program.signal('SIGSTOP');
    const there = await living(host);
    if (there.length === 0) {
      throw new LabError('scenario', `the program of ${host.name} cannot be paused: it has just ended`);
    }
    const moving = there.filter(({ state }) => state !== 'T');
    if (moving.length === 0) {
      return `${showProcesses(there)} ${there.length === 1 ? 'is' : 'are'} stopped`;
    }
    if (performance.now() > limit) {
      const states = moving.map(({ pid, name, state }) => `${pid} (${name}) is in state ${state}`).join(', ');
      throw new LabError('scenario', `the program of ${host.name} does not stand still: ${states}`);
    }
    await wait(LOOK_EVERY);
  }
}
