/** The cable back in: the carrier is there again, addresses and routes are as they were. */
import { attempt, begin } from '../outcomes/outcome.ts';
import type { StepKind } from '../steps/step.ts';
import { cables, lacking, meantBy, plugIn, referenceTo, thingsOf } from './cables.ts';

export const plug: StepKind<string> = {
  word: 'plug',
  summary: 'Plugs the cable of a host in again, or one of several with host.network.',
  example: 'plug: alice',
  schema: cables,
  wholeLab: true,
  references: referenceTo,
  repairs: (written, hosts) => ({
    path: [],
    things: thingsOf(written, hosts),
    ends: ['unplugged'],
    after: `unplug: ${written}`,
  }),
  lacking: (written, { hosts }) => lacking(written, hosts),
  explain: (written) => `plug ${written} in`,

  async run(written, step, { hosts }) {
    const outcome = begin(this.explain(written, step));
    return attempt(outcome, async () => {
      outcome.did = await plugIn(meantBy(written, hosts));
    });
  },
};
