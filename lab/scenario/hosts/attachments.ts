/** A host's `networks:`: the networks that it is on, and its addresses there. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { z } from 'zod';
import { hostRange, parseAddress, printAddress } from '../../model/address.ts';
import { flow, pair } from '../hints/flow.ts';
import { nearest } from '../hints/nearest.ts';
import { linkSchema } from '../networks/link.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { check, refuseKey } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { describe, type Entry, entriesOf, plain } from '../text/tree.ts';
import { mac } from '../topology/own-macs.ts';
import { mtu } from '../values/mtu.ts';
import type { Attachment } from './attachment.ts';
import { meantHostKey } from './host-keys.ts';

export const MOST_INTERFACES = 16;

/** A hint: how a host is put on the networks of this file. `named` is a network that was written in another form. */
function formOf(networks: ReadonlyMap<string, ReadNetwork>, named?: unknown): string {
  const known = typeof named === 'string' && networks.has(named) ? named : undefined;
  const network = known ?? [...networks.keys()][0] ?? 'lan';
  const address = addressIn(networks.get(network));
  return `write networks: [${network}], or networks: { ${network}: ${address} } to choose the address`;
}

/** An address that a host could have there. */
function addressIn(network: ReadNetwork | undefined): string {
  const subnet = network?.subnets[0];
  if (!subnet) return '10.50.1.10';
  const { lowest, highest } = hostRange(subnet);
  const number = lowest.number + 9n > highest.number ? lowest.number : lowest.number + 9n;
  return flow(printAddress({ family: subnet.family, number }));
}

/** Of a card with an address that is reserved for it. */
export const asksSchema = z
  .literal(true)
  .describe('true: the host asks the DHCP server for its written address, which is reserved for it.');

/** A card's keys, where it has more than addresses. */
const CARD_KEYS = ['address', 'mac', 'mtu', 'link', 'dhcp'];

/** The networks that a host is on, in the order written. */
export function readAttachments(
  page: Page,
  host: Entry,
  keys: readonly Entry[],
  networks: ReadonlyMap<string, ReadNetwork>,
): Attachment[] {
  const entry = keys.find(({ key }) => key === 'networks');
  // A key that was meant to be this one is reported already.
  if (!entry && keys.some(({ key }) => key === '<<' || meantHostKey(key) === 'networks')) {
    return [];
  }
  if (!entry) {
    refuse(page, host.at, `host \`${host.key}\` is on no network`, {
      hint: formOf(networks),
      allowed: [...networks.keys()],
    });
    return [];
  }
  const found = listed(page, entry, networks) ?? mapped(page, entry, networks);
  if (!found) {
    const at = entry.value && !(isScalar(entry.value) && entry.value.value === null) ? entry.value : entry.at;
    refuse(page, at, `\`networks\` of a host takes a list or a map, found ${describe(entry.value)}`, {
      hint: formOf(networks, plain(entry.value)),
    });
    return [];
  }
  const written = [plain(entry.value)].flat().length;
  if (found.length === 0 && (written === 0 || isMap(entry.value)))
    refuse(page, entry.at, `host \`${host.key}\` is on no network`, { hint: formOf(networks) });
  if (found.length > MOST_INTERFACES)
    refuse(page, entry.at, `a host is on at most ${MOST_INTERFACES} networks`);
  return found
    .filter((attachment, index) => isKnown(page, attachment, found.slice(0, index), networks))
    .map((attachment) => {
      const ofNetwork = networks.get(attachment.network)?.link;
      return ofNetwork ? { ...attachment, ofNetwork } : attachment;
    });
}

function listed(
  page: Page,
  { value }: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Attachment[] | undefined {
  if (!isSeq(value)) return undefined;
  return (value.items as Node[]).flatMap((item) => {
    if (isScalar(item) && typeof item.value === 'string')
      return [{ network: item.value, named: item, at: item, addresses: [] }];
    refuse(page, item, `a network's name is expected, found ${describe(item)}`, {
      hint: formOf(networks, (plain(item) as { name?: unknown } | null)?.name),
    });
    return [];
  });
}

function mapped(
  page: Page,
  { value }: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Attachment[] | undefined {
  if (!isMap(value)) return undefined;
  return entriesOf(value).map(({ key, at, value: given }): Attachment => {
    const more = isMap(given) ? readCard(page, key, given) : undefined;
    const addresses = addressNodes(more ? more.address : given).flatMap(
      (node) => readAddress(page, node, networks.get(key)) ?? [],
    );
    return {
      network: key,
      named: at,
      at: addresses[0]?.at ?? at,
      addresses,
      ...(more?.mac && { mac: more.mac }),
      ...(more?.mtu && { mtu: more.mtu }),
      ...(more?.link && { link: more.link }),
      ...(more?.asks && { asks: more.asks }),
    };
  });
}

/** The keys of a card, in place of a bare address: `{ address: 10.50.1.10, mac: "02:00:00:00:00:99" }`. */
function readCard(
  page: Page,
  network: string,
  given: Node,
): { address: Node | null } & Pick<Attachment, 'mac' | 'mtu' | 'link' | 'asks'> {
  const keys = entriesOf(given);
  for (const entry of keys)
    if (!CARD_KEYS.includes(entry.key))
      refuseKey(page, {
        ...{ entry, allowed: CARD_KEYS, what: `the card on \`${network}\``, level: 'card', around: keys },
        form: (key, value) => pair(key, key === 'address' ? (addressWithin(value) ?? value) : value),
      });
  const address = keys.find(({ key }) => key === 'address')?.value ?? null;
  const written = keys.find(({ key }) => key === 'mac');
  const read = written && check(page, mac, written.value, written.at, '`mac`');
  const narrow = keys.find(({ key }) => key === 'mtu');
  const bytes = narrow && check(page, mtu, narrow.value, narrow.at, '`mtu`');
  const impaired = keys.find(({ key }) => key === 'link');
  const link = impaired && check(page, linkSchema, impaired.value, impaired.at, '`link`');
  const reserved = keys.find(({ key }) => key === 'dhcp');
  const asks = reserved && check(page, asksSchema, reserved.value, reserved.at, '`dhcp`');
  return {
    address,
    ...(asks && { asks: reserved.at }),
    ...(link && { link: link.value }),
    ...(bytes && { mtu: { value: bytes.value, at: narrow.value ?? narrow.at } }),
    ...(read && { mac: { value: read.value, at: written.value ?? written.at } }),
  };
}

function addressNodes(given: Node | null): Node[] {
  if (!given || (isScalar(given) && given.value === null)) return [];
  return isSeq(given) ? (given.items as Node[]) : [given];
}

function readAddress(
  page: Page,
  at: Node,
  network: ReadNetwork | undefined,
): Attachment['addresses'][number] | undefined {
  const text = isScalar(at) && typeof at.value === 'string' ? at.value : undefined;
  const address = text === undefined ? undefined : parseAddress(text);
  if (address !== undefined) return { address, at };
  const found = text === undefined ? describe(at) : `"${text}"`;
  const meant = addressWithin(plain(at));
  const asks = text !== undefined && /^(?:dhcp|auto)$/.test(text);
  const hint = meant
    ? `write ${flow(meant)}`
    : `write for instance ${addressIn(network)}${network ? '' : ' or "fd00:50:1::10"'}; of both families one of each, in a list`;
  refuse(page, at, `an address is expected, found ${found}`, {
    hint: asks
      ? 'leave it out: the host gets the next free address, or one from `dhcp` of the network'
      : hint,
  });
  return undefined;
}

/** `10.50.1.10/24`, or an address under a key of another tool. */
function addressWithin(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.values(value).map(addressWithin).find(Boolean);
  }
  const bare = typeof value === 'string' ? value.replace(/\/\d+$/, '') : '';
  const address = parseAddress(bare);
  return address && printAddress(address);
}

function isKnown(
  page: Page,
  { network, named }: Attachment,
  before: readonly Attachment[],
  networks: ReadonlyMap<string, ReadNetwork>,
): boolean {
  // Where there is no network at all, that is reported already.
  if (networks.size === 0) return false;
  if (!networks.has(network)) {
    const meant = nearest(network, networks.keys());
    const hint = meant ? `did you mean \`${meant}\`?` : undefined;
    refuse(page, named, `no network \`${network}\``, { hint, allowed: [...networks.keys()] });
    return false;
  }
  if (!before.some((other) => other.network === network)) return true;
  refuse(page, named, `the host is on \`${network}\` already`);
  return false;
}
