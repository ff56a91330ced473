/** Links, and faults of links, delay packets for so long that no answer can have come yet. */
import { printTime } from '../model/link-words.ts';
import { printImpairer } from '../outcomes/cable-record.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { PathHost } from './evidence/path-host.ts';

export const delay: Cause = {
  word: 'delay',
  async find(evidence) {
    const { symptom, outcome, oneWay, some, target } = evidence;
    if (symptom !== 'silence' || outcome.sent === false || some || target?.cast !== 'one') return undefined;
    const forth = await evidence.pathHosts('forth');
    const back = oneWay ? [] : await evidence.pathHosts('back');
    const all = [...forth, ...back].flatMap((pathHost) => impairersAt(pathHost, evidence));
    const late = all.filter((one) => leastOf(one) > 0);
    const least = late.reduce((sum, one) => sum + leastOf(one), 0);
    // One packet and its answer need more time than has passed since the step began.
    if (least <= Date.now() - outcome.began) return undefined;
    const whose = [...new Set(late.map(printImpairer))].join(' and ');
    return `${oneWay ? 'a packet' : 'an answer'} takes ${printTime(least)} at least, by ${whose}`;
  },
};

type Impairers = ReturnType<Evidence['context']['cables']['impairersOn']>;

/** The impairers on the way out of a host, and on the way in to the next one. */
function impairersAt({ leaves }: PathHost, { context: { cables } }: Evidence): Impairers {
  if (!leaves) return [];
  const { from, out, to, in: card } = leaves;
  return [
    ...cables.impairersOn({ host: from.name, card: out.name, direction: 'out' }, card.mac),
    ...cables.impairersOn({ host: to.name, card: card.name, direction: 'in' }, out.mac),
  ];
}

/** Milliseconds for which every frame is held. With normally distributed jitter a delay may be 0. */
function leastOf({ impairment: { delay = 0, jitter } }: Impairers[number]): number {
  if (jitter?.spread === 'normal') return 0;
  return Math.max(0, delay - (jitter?.by ?? 0));
}
