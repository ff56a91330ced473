/** A program that has ended, by a fault or by itself, runs again; one of the five also says that it is ready. */
import { LabError } from '../errors.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { name } from '../scenario/values/values.ts';
import type { StepKind } from '../steps/step.ts';
import type { LiveHosts } from './fault.ts';
import { hostWithProgram, programOf, referenceTo, startUnlessRunning } from './program.ts';

export const start: StepKind<string> = {
  word: 'start',
  summary:
    'Starts the program of a host after it was stopped or killed, or ended by itself. ' +
    'It waits until the program is ready.',
  example: 'start: echo',
  schema: name.describe('The host whose program is started.'),
  wholeLab: true,
  references: referenceTo,
  repairs: (host) => ({ path: [], things: [programOf(host)], ends: ['stopped', 'killed'] }),
  features: () => ['signals'],
  explain: (host) => `start the program of ${host}`,

  async run(host, step, { hosts }) {
    const outcome = begin(this.explain(host, step));
    return attempt(outcome, async () => {
      outcome.did = await startProgram(hosts, host);
    });
  },
};

/** Says what it did. Throws LabError where the program runs already, and where it does not become ready. */
export async function startProgram(hosts: LiveHosts, name: string): Promise<string> {
  const host = hostWithProgram(hosts, name);
  if (!host.ended) {
    throw new LabError('scenario', `the program of ${name} is ${host.paused ? 'paused' : 'running'}`, {
      hint: host.paused ? `let it go on: \`resume: ${name}\`` : 'it is started once it has ended',
    });
  }
  return startUnlessRunning(host);
}
