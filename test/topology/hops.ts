/** A capture of routed traffic as lines that are the same wherever the same happens: nothing of chance is in them. */
import { cardOf } from '../../lab/captures/card.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import type { WireView } from '../../lab/outcomes/context.ts';
import { lineOf } from '../../lab/wire/lines/line-of-frame.ts';
import { partyOfCard } from '../../lab/wire/lines/parties.ts';
import { printLine, printParty } from '../../lab/wire/lines/print.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';

/** Ports from here on are the kernels' choice. */
const EPHEMERAL = 32_768;

/** `icmp alice > echo echo-request ttl=63 on middle: one eth1 > two eth0`, a line for each frame on each network. */
export function hopsOf({ frames }: WireView, { hosts }: LiveLab): string[] {
  const cards = [...hosts.values()].flatMap((host) => host.plan.interfaces.map((one) => cardOf(host, one)));
  return frames().map((seen) => hop(seen, cards));
}

function hop({ frame, sightings }: SeenFrame, cards: readonly Card[]): string {
  const { source, destination, ...line } = lineOf(frame, cards);
  const known = (end: typeof source) => ({
    party: bare(end.party),
    ...(end.port !== undefined && end.port < EPHEMERAL && { port: end.port }),
  });
  const text = printLine({ ...line, source: known(source), destination: known(destination) });
  const ttl = frame.ipv4 ? ` ttl=${frame.ipv4.ttl}` : '';
  const { source: from, destination: to } = frame.ethernet!;
  const { network } = sightings[0]!.card;
  return `${text}${ttl} on ${network}: ${cardName(from, cards)} > ${cardName(to, cards)}`;
}

/** Of a router's addresses any is called by its name. */
function bare(party: ReturnType<typeof partyOfCard>): typeof party {
  return party.kind === 'host' ? { kind: 'host', host: party.host } : party;
}

function cardName(mac: string, cards: readonly Card[]): string {
  const card = cards.find((one) => one.mac === mac);
  return card ? `${card.host} ${card.name}` : printParty(partyOfCard(mac, cards));
}
