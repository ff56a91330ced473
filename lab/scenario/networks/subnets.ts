/** A network's subnets read and checked: one, or one of each family. */
import { isScalar, isSeq, type Node } from 'yaml';
import {
  type Address,
  type Family,
  overlap,
  parseAddress,
  printAddress,
  printFamily,
  printSubnet,
  rangeOf,
  type Subnet,
  subnetOf,
} from '../../model/address.ts';
import { AUTO } from '../../model/auto-subnets.ts';
import { Wrong } from '../../model/reading.ts';
import { nearest } from '../hints/nearest.ts';
import { type Page, refuse } from '../text/page.ts';
import { describe, type Entry } from '../text/tree.ts';
import type { ReadNetwork } from './read-network.ts';

const HINT = 'write 10.50.1.0/24, "fd00:50:1::/64", or one of each in a list';

/** The subnets of a network, in the order written; problems with them are noted on the page. */
export function readSubnets(
  page: Page,
  entry: Entry,
  node: Node,
  others: ReadonlyMap<string, ReadNetwork>,
): Subnet[] {
  const written = isSeq(node) ? (node.items as Node[]) : [node];
  if (written.length === 0) refuse(page, node, 'a subnet is expected, found an empty list', { hint: HINT });
  const found: Subnet[] = [];
  for (const one of written) {
    const subnet = readSubnet(page, one, isSeq(node));
    if (!subnet) continue;
    refuseOverlaps(page, entry, one, subnet, others);
    const same = found.find(({ family }) => family === subnet.family);
    if (same) refuseSecond(page, one, same);
    else found.push(subnet);
  }
  return found;
}

function refuseSecond(page: Page, at: Node, { family }: Subnet): void {
  refuse(page, at, `a network has one ${printFamily(family)} subnet, and this is the second`, {
    hint: 'put it into a network of its own; one of each family goes together',
  });
}

function readSubnet(page: Page, node: Node, inList: boolean): Subnet | undefined {
  const subnet = isScalar(node) && typeof node.value === 'string' ? parse(node.value, inList) : notText(node);
  if (!(subnet instanceof Wrong)) return subnet;
  refuse(page, node, subnet.what, { hint: subnet.hint });
  return undefined;
}

function parse(text: string, inList: boolean): Subnet | Wrong {
  if (inList && text === AUTO)
    return new Wrong(`\`${AUTO}\` stands alone, it is one of IPv4`, 'write both subnets');
  return parseSubnet(text);
}

function refuseOverlaps(
  page: Page,
  entry: Entry,
  at: Node,
  subnet: Subnet,
  others: ReadonlyMap<string, ReadNetwork>,
): void {
  for (const other of others.values()) {
    const theirs = other.subnets.find((one) => overlap(one, subnet));
    if (!theirs) continue;
    const whose = `\`${other.name}\` (${printSubnet(theirs)}, line ${other.where.line})`;
    refuse(page, at, `\`${entry.key}\` (${printSubnet(subnet)}) overlaps ${whose}`, {
      hint: 'every network has addresses of its own',
    });
  }
}

function notText(node: Node): Wrong {
  return new Wrong(`a subnet is expected, found ${describe(node)}`, HINT);
}

/** The prefixes that are allowed: room for two hosts, and no more addresses than anybody has a use for. */
const PREFIXES = { ipv4: [8, 31], ipv6: [16, 127] } as const;

type Prefixes = Readonly<Record<Family, readonly [least: number, most: number]>>;

/** Reads `10.50.1.0/24` and `fd00:50:1::/64`: the network's own address, a prefix, addresses that hosts may have. */
export function parseSubnet(text: string, prefixes: Prefixes = PREFIXES): Subnet | Wrong {
  const [first = '', length, more] = text.split('/');
  const address = parseAddress(first);
  if (nearest(text, [AUTO])) return new Wrong(`"${text}" is not a subnet`, `did you mean \`${AUTO}\`?`);
  if (address === undefined || more !== undefined) {
    return new Wrong(
      `"${text}" is not a subnet`,
      'write an address and a prefix: 10.50.1.0/24, "fd00:50:1::/64"',
    );
  }
  if (length === undefined) return withoutPrefix(text, address);
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  const [least, most] = prefixes[address.family];
  if (!(prefix >= least && prefix <= most)) {
    const ones = prefixOfMask(length);
    const hint =
      ones === undefined ? `write /${least} to /${most}` : `write ${printAddress(address)}/${ones}`;
    return new Wrong(`/${length} is not a prefix that a network here can have`, hint);
  }
  return checkRange(text, address, subnetOf(address, prefix));
}

function withoutPrefix(text: string, { family }: Address): Wrong {
  const hint = family === 'ipv4' ? `${text}/24 for the 254 addresses around it` : `"${text}/64"`;
  return new Wrong(`${text} has no prefix`, `write ${hint}`);
}

function checkRange(text: string, address: Address, subnet: Subnet): Subnet | Wrong {
  const kind = address.family === 'ipv4' ? reservedV4(address) : reservedV6(address);
  if (kind) {
    return new Wrong(
      `${text} is ${kind}: hosts have no such addresses`,
      `write a private network: ${address.family === 'ipv4' ? '10.50.1.0/24' : '"fd00:50:1::/64"'}`,
    );
  }
  if (subnet.first === address.number) return subnet;
  return new Wrong(
    `${text} is an address inside a network, not the network's own`,
    `write ${printSubnet(subnet)}`,
  );
}

function reservedV4({ number }: Address): string | undefined {
  const octet = Number(number >> 24n);
  if (octet === 127) return 'loopback';
  if (octet >= 224 && octet < 240) return 'multicast';
  return octet === 0 || octet >= 240 ? 'reserved' : undefined;
}

/** The name of a range that RFC 4291 section 2.4 keeps from hosts; 2001:db8::/32 of the documentation is allowed. */
function reservedV6(address: Address): string | undefined {
  const range = rangeOf(address);
  if (range === 'linkLocal') return 'link-local';
  if (range === 'multicast' || range === 'loopback') return range;
  return address.number >> 120n === 0n ? 'reserved' : undefined;
}

/** How many ones a mask begins with, as `255.255.255.0` does; undefined where the text is not a mask. */
function prefixOfMask(text: string): number | undefined {
  const mask = parseAddress(text);
  if (mask?.family !== 'ipv4') return undefined;
  const [, ones] = /^(1*)0*$/.exec(mask.number.toString(2).padStart(32, '0')) ?? [];
  return ones?.length;
}
