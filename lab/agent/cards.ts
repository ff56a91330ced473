/**
 * Sets the host's cards up: finds the engine's cards by their MACs and names them in the scenario's order. Puts the patch
 * between each card and its network, and gives the cards addresses. Only the connected routes are left.
 */

import { isIPv6 } from 'node:net';
import { keepQuiet } from './nft/kernel-chatter.ts';
import { type Cable, Patch } from './nft/patch.ts';
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
  const six = cards.some(speaksIpv6);
  // A card of IPv4 alone gets no link-local address. The cable's ends get none either: they are not cards of the host.
  const withoutLinkLocal = (name: string) => (six ? [`link set dev ${name} addrgenmode none`] : []);
  const lines = withPatch
    ? [
        ...renamed(found, 'wire', cards),
        ...cards.flatMap((card, index) => veth(index, found[index]!, card)),
        ...cards.flatMap((_, index) => endsOf(index).flatMap(withoutLinkLocal)),
      ]
    : renamed(found, 'eth', cards);
  lines.push(...cards.flatMap((card) => (speaksIpv6(card) ? [] : withoutLinkLocal(card.name))));
  if (six && withPatch) await keepQuiet();
  await tool(
    ['ip', '-batch', '-'],
    `${[...lines, ...cards.flatMap(addressed), 'link set lo up'].join('\n')}\n`,
  );
  if (!withPatch) return undefined;
  const cables: Cable[] = cards.map(({ mac, members, internet }, index) => ({
    ...{ index, mac, members, internet },
  }));
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

/** Gives all of them other names first: the engine may have used these very names in another order. */
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
    `link add name turn${index} mtu ${mtu} type veth peer name back${index} mtu ${mtu}`,
  ];
}

/**
 * IPv6 addresses skip duplicate address detection (RFC 4862 section 5.4): the plan gives each once. A card whose address is
 * leased has no IPv4 address until it has asked for one.
 */
function addressed({ name, addresses, linkLocal, leased }: Card): string[] {
  const given = leased ? addresses.filter(({ address }) => isIPv6(address)) : addresses;
  return [
    ...given.map(({ address, prefix, broadcast }) => {
      const [heard, once] = [
        broadcast === undefined ? '' : `broadcast ${broadcast} `,
        isIPv6(address) ? ' nodad' : '',
      ];
      return `address add ${address}/${prefix} ${heard}dev ${name}${once}`;
    }),
    ...(linkLocal === undefined ? [] : [`address add ${linkLocal}/64 dev ${name} scope link nodad`]),
    `link set dev ${name} up`,
  ];
}

/** Routes by the card go with its addresses, and nobody there is its neighbour. */
export async function takeAddresses(card: string): Promise<void> {
  await tool(['ip', '-batch', '-'], `address flush dev ${card}\nneigh flush dev ${card}\n`);
}

/** To a card that has none. */
export async function giveAddresses(card: Card): Promise<void> {
  const lines = addressed(card);
  await tool(['ip', '-batch', '-'], lines.map((line) => `${line}\n`).join(''));
}

export function speaksIpv6({ linkLocal }: Card): boolean {
  return linkLocal !== undefined;
}

/** The ends that make the patch of a card, none of them the host's own. The engine's card is the last that comes up. */
function endsOf(index: number): string[] {
  return ['turn', 'back', 'patch', 'wire'].map((name) => `${name}${index}`);
}

/** Comes last, when the rules are there: until then nothing passes. */
function plugged({ index }: Cable): string[] {
  return endsOf(index).map((name) => `link set dev ${name} promisc on arp off up`);
}
