/** A host's `networks:`: which it is on, and with which addresses. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { type Address, parseAddress } from './address.ts';
import { check, refuseKey } from './check.ts';
import { nearest } from './nearest.ts';
import type { ReadNetwork } from './networks.ts';
import { mac } from './own-macs.ts';
import { type Page, refuse } from './page.ts';
import { describe, type Entry, entriesOf } from './tree.ts';

export const MOST_INTERFACES = 16;

export interface Attachment {
  network: string;
  /** The node that names the network. */
  named: Node;
  /** The first address where there is one, else the node that names the network. */
  at: Node;
  /** Those that were written, in that order. */
  addresses: { address: Address; at: Node }[];
  /** In lower case. */
  mac?: { value: string; at: Node };
}

/** A host's keys. */
export const HOST_KEYS = [
  'service',
  'image',
  'build',
  'command',
  'ready',
  'networks',
  'gateway',
  'forward',
  'env',
  'files',
  'sysctls',
] as const;

/** A card's keys, where it has more than addresses. */
const CARD_KEYS = ['address', 'mac'];

const MEND = 'write [lan], or { lan: 10.50.1.10 } to choose the address';

/** The networks that a host is on, in the order written. */
export function readAttachments(
  page: Page,
  host: Entry,
  keys: readonly Entry[],
  networks: ReadonlyMap<string, ReadNetwork>,
): Attachment[] {
  const entry = keys.find(({ key }) => key === 'networks');
  // A key that was meant to be this one has been spoken of.
  if (
    !entry &&
    keys.some(({ key }) => key === '<<' || (key !== 'networks' && nearest(key, HOST_KEYS) === 'networks'))
  ) {
    return [];
  }
  if (!entry) {
    refuse(page, host.at, `host \`${host.key}\` is on no network`, {
      hint: MEND,
      allowed: [...networks.keys()],
    });
    return [];
  }
  const found = listed(page, entry) ?? mapped(page, entry);
  if (!found) {
    const at = entry.value && !(isScalar(entry.value) && entry.value.value === null) ? entry.value : entry.at;
    refuse(page, at, `\`networks\` of a host takes a list or a map, found ${describe(entry.value)}`, {
      hint: MEND,
    });
    return [];
  }
  if (found.length === 0) refuse(page, entry.at, `host \`${host.key}\` is on no network`, { hint: MEND });
  if (found.length > MOST_INTERFACES)
    refuse(page, entry.at, `a host is on at most ${MOST_INTERFACES} networks`);
  return found.filter((attachment, index) => isKnown(page, attachment, found.slice(0, index), networks));
}

function listed(page: Page, { value }: Entry): Attachment[] | undefined {
  if (!isSeq(value)) return undefined;
  return (value.items as Node[]).flatMap((item) => {
    if (isScalar(item) && typeof item.value === 'string')
      return [{ network: item.value, named: item, at: item, addresses: [] }];
    refuse(page, item, `a network's name is expected, found ${describe(item)}`, { hint: MEND });
    return [];
  });
}

function mapped(page: Page, { value }: Entry): Attachment[] | undefined {
  if (!isMap(value)) return undefined;
  return entriesOf(value).map(({ key, at, value: given }): Attachment => {
    const more = isMap(given) ? readCard(page, key, given) : undefined;
    const addresses = addressNodes(more ? more.address : given).flatMap(
      (node) => readAddress(page, node) ?? [],
    );
    return {
      network: key,
      named: at,
      at: addresses[0]?.at ?? at,
      addresses,
      ...(more?.mac && { mac: more.mac }),
    };
  });
}

/** What a card is given beside its address: `{ address: 10.50.1.10, mac: "02:00:00:00:00:99" }`. */
function readCard(
  page: Page,
  network: string,
  given: Node,
): { address: Node | null; mac?: NonNullable<Attachment['mac']> } {
  const keys = entriesOf(given);
  for (const { key, at } of keys)
    if (!CARD_KEYS.includes(key)) refuseKey(page, at, key, CARD_KEYS, `the card on \`${network}\``);
  const address = keys.find(({ key }) => key === 'address')?.value ?? null;
  const written = keys.find(({ key }) => key === 'mac');
  const read = written && check(page, mac, written.value, written.at, '`mac`');
  return { address, ...(read && { mac: { value: read.value, at: written.value ?? written.at } }) };
}

function addressNodes(given: Node | null): Node[] {
  if (!given || (isScalar(given) && given.value === null)) return [];
  return isSeq(given) ? (given.items as Node[]) : [given];
}

function readAddress(page: Page, at: Node): Attachment['addresses'][number] | undefined {
  const text = isScalar(at) && typeof at.value === 'string' ? at.value : undefined;
  const address = text === undefined ? undefined : parseAddress(text);
  if (address !== undefined) return { address, at };
  const found = text === undefined ? describe(at) : `"${text}"`;
  refuse(page, at, `an address is expected, found ${found}`, {
    hint: 'write for instance 10.50.1.10 or "fd00:50:1::10", one of each in a list',
  });
  return undefined;
}

function isKnown(
  page: Page,
  { network, named }: Attachment,
  before: readonly Attachment[],
  networks: ReadonlyMap<string, ReadNetwork>,
): boolean {
  // Where there is no network at all that has been said.
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
