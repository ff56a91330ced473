import { setTimeout as wait } from 'node:timers/promises';
import { patient } from '../agent/patience.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../host.ts';
import { name } from '../scenario/values.ts';
import { type FaultKind, standing } from './fault.ts';
import { breaking, referenceTo, resumeUnlessRunning, running } from './program.ts';

/** Milliseconds in which a process that was sent SIGSTOP has to be seen stopped. */
const STOPS_WITHIN = 5_000;
const LOOK_EVERY = 5;

/**
 * The program stands still (SIGSTOP) while the host's kernel goes on: it completes handshakes up to the backlog,
 * acknowledges what fits the receive buffers, and answers pings.
 */
export const pause: FaultKind<string> = {
  word: 'pause',
  summary: 'Freezes the program of a host (SIGSTOP). The kernel of the host goes on.',
  example: 'fault: { pause: echo }',
  schema: name.describe('The host whose program stands still.'),
  feature: 'signals',
  references: referenceTo,
  breaks: (host) => breaking(host, 'paused', 'resume'),
  explain: (host) => `pause the program of ${host}`,

  async begin(name, hosts) {
    const host = running(hosts, name);
    if (host.paused) throw new LabError('scenario', `the program of ${name} is paused already`);
    await host.program.signal('SIGSTOP');
    host.paused = true;
    const did = `paused the program of ${name}${await seenStopped(host)}`;
    const broke = { kind: 'program', host: name, end: 'paused', run: host.program } as const;
    return standing(did, broke, () => resumeUnlessRunning(host));
  },
};

/** What the host's own kernel says of it. A program with a process namespace of its own cannot be looked at. */
async function seenStopped(host: LiveHost): Promise<string> {
  const limit = performance.now() + patient(STOPS_WITHIN);
  for (;;) {
    const there = await host.agent.processes();
    const stopped = there.find(({ state }) => state === 'T');
    if (stopped) return `: process ${stopped.pid} (${stopped.name}) is stopped`;
    if (there.length === 0) return ' (SIGSTOP)';
    if (performance.now() > limit) {
      const states = there.map(({ pid, name, state }) => `${pid} ${name} ${state}`).join(', ');
      throw new LabError('scenario', `the program of ${host.name} does not stand still: ${states}`);
    }
    await wait(LOOK_EVERY);
  }
}
