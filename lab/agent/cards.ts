/**
 * Sets the host's cards up: finds those that the engine gave by their MAC, names them in the scenario's order,
 * puts the patch between each and its network, and gives them addresses. Only the connected routes are left.
 */
import { type Cable, Patch } from './patch.ts';
import type { HostSetup } from './protocol.ts';
import { tool } from './tool.ts';

interface Link {
  ifname: string;
  address?: string;
}

type Card = HostSetup['interfaces'][number];

/** With a patch, or (where nft is missing) with the engine's card itself as `eth0`. */
export async function setUpCards(cards: readonly Card[], withPatch: boolean): Promise<Patch | undefined> {
  const links = JSON.parse(await tool(['ip', '-j', 'link', 'show'])) as Link[];
  const found = cards.map((card) => findLink(card, links));
  const lines = withPatch
    ? [...renamed(found, 'wire', cards), ...cards.flatMap((card, index) => veth(index, found[index]!, card))]
    : renamed(found, 'eth', cards);
  await tool(
    ['ip', '-batch', '-'],
    `${[...lines, ...cards.flatMap(addressed), 'link set lo up'].join('\n')}\n`,
  );
  if (!withPatch) return undefined;
  const cables: Cable[] = cards.map(({ members, internet }, index) => ({ index, members, internet }));
  const patch = new Patch(cables);
  await patch.load();
  await tool(['ip', '-batch', '-'], `${cables.flatMap(plugged).join('\n')}\n`);
  return patch;
}

function findLink(card: Card, links: readonly Link[]): Link {
  const link = links.find(({ address }) => address?.toLowerCase() === card.mac);
  if (link) return link;
  const there = links.map(({ ifname, address }) => `${ifname} ${address}`).join(', ');
  throw new Error(`no card with the MAC ${card.mac} for ${card.name} here; there are: ${there}`);
}

/** All out of the way first: the engine may have used the very names in another order. */
function renamed(links: readonly Link[], name: 'wire' | 'eth', cards: readonly Card[]): string[] {
  const away = links.flatMap(({ ifname }, index) => [
    `link set dev ${ifname} down`,
    `address flush dev ${ifname}`,
    `link set dev ${ifname} name card${index} mtu ${cards[index]!.mtu}`,
  ]);
  return [...away, ...links.map((_, index) => `link set dev card${index} name ${name}${index}`)];
}

function veth(index: number, { address }: Link, { mtu }: Card): string[] {
  return [
    `link add name eth${index} mtu ${mtu} address ${address} type veth peer name patch${index} mtu ${mtu}`,
  ];
}

/** A card whose address is leased has none until it has asked. */
function addressed({ name, address, prefix, broadcast, leased }: Card): string[] {
  if (leased) return [`link set dev ${name} up`];
  return [`address add ${address}/${prefix} broadcast ${broadcast} dev ${name}`, `link set dev ${name} up`];
}

/** Last, when the rules are there: until then nothing passes. */
function plugged({ index }: Cable): string[] {
  return [`patch${index}`, `wire${index}`].map((name) => `link set dev ${name} promisc on arp off up`);
}
