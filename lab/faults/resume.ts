/** A program that is paused goes on (SIGCONT) where it stood, with what has come for it meanwhile. */
import { LabError } from '../errors.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { name } from '../scenario/values/values.ts';
import type { StepKind } from '../steps/step.ts';
import type { LiveHosts } from './fault.ts';
import { programOf, referenceTo, resumeUnlessRunning, running } from './program.ts';

export const resume: StepKind<string> = {
  word: 'resume',
  summary: 'Lets a paused program go on (SIGCONT).',
  example: 'resume: echo',
  schema: name.describe('The host whose program goes on.'),
  wholeLab: true,
  references: referenceTo,
  repairs: (host) => ({
    path: [],
    things: [programOf(host)],
    ends: ['paused'],
    after: `pause: ${host}`,
  }),
  features: () => ['signals'],
  explain: (host) => `resume the program of ${host}`,

  async run(host, step, { hosts }) {
    const outcome = begin(this.explain(host, step));
    return attempt(outcome, async () => {
      outcome.did = await resumeProgram(hosts, host);
    });
  },
};

/** Says what it did. Throws LabError where the program is not paused. */
export async function resumeProgram(hosts: LiveHosts, name: string): Promise<string> {
  const host = running(hosts, name);
  if (!host.paused) throw new LabError('scenario', `the program of ${name} is not paused`);
  return resumeUnlessRunning(host);
}
