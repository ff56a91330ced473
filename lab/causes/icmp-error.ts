/** An ICMP error about a packet of the step, or about its answer. Only captures show it: few sockets are told. */
import { addressesOf } from '../model/planned.ts';
import type { Icmp, IcmpQuote, Icmpv6 } from '../wire/frame.ts';
import { showMessage } from '../wire/lines/messages.ts';
import type { SeenFrame } from '../wire/timeline.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';

/** Port unreachable: another cause looks at the target for that. */
const NO_PORT = { icmp: [3, 3], icmpv6: [1, 4] } as const;

export const icmpError: Cause = {
  word: 'icmp-error',
  async find(evidence) {
    const { seen, symptom, here } = evidence;
    if (!seen || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    await seen.settled([here.name].filter(seen.captured));
    for (const one of seen.frames) {
      const icmp = one.frame.icmp ?? one.frame.icmpv6;
      const whose = icmp?.about && (await whoseIs(icmp.about, evidence));
      if (icmp && whose && !isNoPort(icmp)) return saying(one, icmp, whose, evidence.all);
    }
    return undefined;
  },
};

function isNoPort({ kind, type, code }: Icmp | Icmpv6): boolean {
  return type === NO_PORT[kind][0] && code === NO_PORT[kind][1];
}

/** The packet that the error is about, in words, if it is of this step. For a command, any packet of its host. */
async function whoseIs(about: IcmpQuote, evidence: Evidence): Promise<string | undefined> {
  const { target, here, all, local } = evidence;
  const ours = target ? [(await local())?.address] : here.cards.flatMap((card) => addressesOf(card));
  const port = (number: number | undefined) => (number === undefined ? '' : `:${number}`);
  const to = `${nameOf(about.destination, all)}${port(about.destinationPort)}`;
  const isTarget = (address: string, number: number | undefined) =>
    !target ||
    (address === target.address && (target.port === 0 || number === undefined || number === target.port));
  if (ours.includes(about.source) && isTarget(about.destination, about.destinationPort))
    return `the packet to ${to}`;
  if (target && ours.includes(about.destination) && isTarget(about.source, about.sourcePort))
    return `the answer of ${nameOf(about.source, all)}`;
  return undefined;
}

function saying(one: SeenFrame, icmp: Icmp | Icmpv6, whose: string, all: readonly Machine[]): string {
  const who = nameOf(one.frame.ip!.source, all);
  const mtu = icmp.mtu === undefined ? '' : `: it was too large for an MTU of ${icmp.mtu}`;
  return `${who} answered ${showMessage(icmp)} (frame ${one.number}) about ${whose}${mtu}`;
}

/** The name of the host that has a planned address. */
function nameOf(address: string, all: readonly Machine[]): string {
  const owner = all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
  return owner?.name ?? address;
}
