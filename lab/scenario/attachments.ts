/** A host's `networks:`: which it is on, and with which addresses. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import {
  contains,
  engineAddress,
  parseAddress,
  printAddress,
  printSubnet,
  room,
  type Subnet,
} from './address.ts';
import { nearest } from './nearest.ts';
import type { ReadNetwork } from './networks.ts';
import { type Page, refuse } from './page.ts';
import { describe, type Entry, entriesOf } from './tree.ts';

export const MOST_INTERFACES = 16;

export interface Attachment {
  network: string;
  /** The node that names the network. */
  named: Node;
  /** The address where there is one, else the node that names the network. */
  at: Node;
  /** The address as it was written. */
  text?: string;
  address?: number;
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
      mend: MEND,
      allowed: [...networks.keys()],
    });
    return [];
  }
  const found = listed(page, entry) ?? mapped(page, entry);
  if (!found) {
    const at = entry.value && !(isScalar(entry.value) && entry.value.value === null) ? entry.value : entry.at;
    refuse(page, at, `\`networks\` of a host takes a list or a map, found ${describe(entry.value)}`, {
      mend: MEND,
    });
    return [];
  }
  if (found.length === 0) refuse(page, entry.at, `host \`${host.key}\` is on no network`, { mend: MEND });
  if (found.length > MOST_INTERFACES)
    refuse(page, entry.at, `a host is on at most ${MOST_INTERFACES} networks`);
  return found.filter((attachment, index) => isKnown(page, attachment, found.slice(0, index), networks));
}

function listed(page: Page, { value }: Entry): Attachment[] | undefined {
  if (!isSeq(value)) return undefined;
  return (value.items as Node[]).flatMap((item) => {
    if (isScalar(item) && typeof item.value === 'string')
      return [{ network: item.value, named: item, at: item }];
    refuse(page, item, `a network's name is expected, found ${describe(item)}`, { mend: MEND });
    return [];
  });
}

function mapped(page: Page, { value }: Entry): Attachment[] | undefined {
  if (!isMap(value)) return undefined;
  return entriesOf(value).map(({ key, at, value: given }): Attachment => {
    if (!given || (isScalar(given) && given.value === null)) return { network: key, named: at, at };
    const text = isScalar(given) && typeof given.value === 'string' ? given.value : undefined;
    const address = text === undefined ? undefined : parseAddress(text);
    if (text !== undefined && address !== undefined)
      return { network: key, named: at, at: given, text, address };
    const found = text === undefined ? describe(given) : `"${text}"`;
    refuse(page, given, `an IPv4 address is expected, found ${found}`, {
      mend: 'write for instance 10.50.1.10',
    });
    return { network: key, named: at, at };
  });
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
    const mend = meant ? `did you mean \`${meant}\`?` : undefined;
    refuse(page, named, `no network \`${network}\``, { mend, allowed: [...networks.keys()] });
    return false;
  }
  if (!before.some((other) => other.network === network)) return true;
  refuse(page, named, `the host is on \`${network}\` already`);
  return false;
}

/** Every address inside its network, nobody else's, and room for those that are handed out. */
export function checkAddresses(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: Iterable<{ host: { name: string }; attachments: readonly Attachment[] }>,
): void {
  const owners = new Map<number, string>();
  const members = new Map<string, number>();
  for (const { host, attachments } of hosts) {
    for (const { network, address, at } of attachments) {
      const { subnet, auto } = networks.get(network) ?? {};
      if (auto && address !== undefined) refuseChosen(page, at, network);
      if (!subnet) continue;
      members.set(network, (members.get(network) ?? 0) + 1);
      if (members.get(network) === room(subnet) + 1) refuseCrowd(page, at, network, subnet);
      if (address === undefined) continue;
      checkAddress(page, at, address, network, subnet);
      const owner = owners.get(address);
      if (owner) refuse(page, at, `${printAddress(address)} is \`${owner}\`'s already`);
      owners.set(address, host.name);
    }
  }
}

function refuseChosen(page: Page, at: Node, network: string): void {
  refuse(page, at, `\`${network}\` is \`auto\`: its addresses are handed out`, {
    mend: `write the name alone, or give \`${network}\` a subnet`,
  });
}

function refuseCrowd(page: Page, at: Node, network: string, subnet: Subnet): void {
  const has = room(subnet);
  refuse(
    page,
    at,
    `\`${network}\` (${printSubnet(subnet)}) has room for ${has} host${has === 1 ? '' : 's'}`,
    {
      mend: 'write a shorter prefix; one address is kept for the engine',
    },
  );
}

function checkAddress(page: Page, at: Node, address: number, network: string, subnet: Subnet): void {
  const text = printAddress(address);
  const allowed = `write ${printAddress(subnet.first + 1)} to ${printAddress(subnet.last - 2)}`;
  const taken = new Map([
    [subnet.first, "the network's own address"],
    [subnet.last, "the network's broadcast address"],
    [engineAddress(subnet), 'kept for the engine (the highest of the network)'],
  ]).get(address);
  if (!contains(subnet, address)) {
    refuse(page, at, `${text} is outside \`${network}\` (${printSubnet(subnet)})`, { mend: allowed });
  } else if (taken) refuse(page, at, `${text} is ${taken}`, { mend: allowed });
}
