/**
 * The cable out of a host's card: no carrier, no frame in or out. The card stays up and keeps its addresses and
 * routes, as a machine's does (see docs/decisions).
 */
import { LabError } from '../errors.ts';
import { all } from './all.ts';
import { cables, lacking, meantBy, plugIn, referenceTo, showCards, sort, thingsOf } from './cables.ts';
import { type FaultKind, standing } from './fault.ts';

export const unplug: FaultKind<string> = {
  word: 'unplug',
  summary:
    'Pulls the cable of a host out, or one of several with host.network. ' +
    'The link of this card is then down.',
  example: 'fault: { unplug: alice }',
  schema: cables,
  references: referenceTo,
  breaks: (written, hosts) => ({
    path: [],
    holds: thingsOf(written, hosts),
    state: 'unplugged',
    undo: `plug: ${written}`,
  }),
  lacking,
  explain: (written) => `unplug ${written}`,

  async begin(written, hosts) {
    const meant = meantBy(written, hosts);
    const { host } = meant;
    const { plugged } = await sort(meant);
    if (plugged.length === 0) throw new LabError('scenario', `${written} is unplugged already`);
    const pulled = { host, cards: plugged };
    try {
      await all(plugged.map(({ name }) => host.agent.unplug({ card: name })));
    } catch (error) {
      await plugIn(pulled).catch(() => {});
      throw error;
    }
    const networks = plugged.map(({ network }) => network);
    const broke = { kind: 'plugs', host: host.name, networks } as const;
    return standing(`unplugged ${showCards(pulled)}: no carrier`, broke, () => plugIn(pulled));
  },
};
