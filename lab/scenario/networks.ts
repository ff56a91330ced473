/** `networks:` read and checked. */
import { isMap, isScalar, type Node } from 'yaml';
import { z } from 'zod';
import type { Where } from '../errors.ts';
import { parseAddress, printSubnet, type Subnet, subnetOf } from './address.ts';
import { AUTO } from './auto.ts';
import { check, refuseKey } from './check.ts';
import { RESERVED } from './endpoint.ts';
import { nearest } from './nearest.ts';
import { type Page, refuse, whereIs } from './page.ts';
import { Wrong } from './reading.ts';
import { describe, type Entry, entriesOf, readMap } from './tree.ts';
import { name } from './values.ts';

export const MOST_NETWORKS = 64;
/** The smallest that Linux allows (RFC 791: every network carries 68 bytes), and what bridges and veths carry. */
const SMALLEST_MTU = 68;
const LARGEST_MTU = 9000;

export interface ReadNetwork {
  name: string;
  /** Absent where it could not be read, and where it is handed out. */
  subnet?: Subnet;
  /** Written `auto`. */
  auto?: true;
  mtu?: number;
  internet?: true;
  /** Hosts that serve it, and where they are named. */
  servers: { duty: Duty; host: string; at: Node }[];
  where: Where;
}

/** What a host can do for a network: hand out its addresses, answer for its names. */
export const DUTIES = ['dhcp', 'dns'] as const;
export type Duty = (typeof DUTIES)[number];

/** What a network may say beside its subnet. */
export const networkSchema = z.strictObject({
  mtu: z
    .int()
    .min(SMALLEST_MTU)
    .max(LARGEST_MTU)
    .optional()
    .describe('Bytes of the largest packet; 1500 where it is not written.'),
  internet: z
    .boolean()
    .optional()
    .describe('Its hosts reach the machine that the lab is on and, through it, the world.'),
  dhcp: name
    .optional()
    .describe('A host on it that hands out its addresses: hosts without a written one ask for theirs.'),
  dns: name
    .optional()
    .describe('A host on it that is its name server: its hosts ask for the names of the lab there.'),
});
const KEYS = ['subnet', ...Object.keys(networkSchema.shape)];

/** Every network that was named, by name; what is wrong with them is noted on the page. */
export function readNetworks(page: Page, { value, at }: Entry): Map<string, ReadNetwork> {
  const networks = new Map<string, ReadNetwork>();
  const entries = readMap(page, '`networks`', value, at) ?? [];
  if (entries.length > MOST_NETWORKS)
    refuse(page, at, `${entries.length} networks are more than ${MOST_NETWORKS}`);
  for (const entry of entries.slice(0, MOST_NETWORKS)) {
    checkName(page, entry, 'a network');
    const network = {
      ...{ name: entry.key, where: whereIs(page, entry.at), servers: readServers(page, entry) },
      ...readMore(page, entry),
    };
    const node = subnetNode(page, entry);
    if (isScalar(node) && node.value === AUTO) {
      networks.set(entry.key, { ...network, auto: true });
      continue;
    }
    const subnet = node && readSubnet(page, entry, node, networks);
    networks.set(entry.key, { ...network, ...(subnet && { subnet }) });
  }
  if (entries.length === 0 && isMap(value))
    refuse(page, at, 'there is no network', { mend: 'write lan: 10.50.1.0/24' });
  return networks;
}

/** What stands beside the subnet. */
function readMore(page: Page, entry: Entry): Pick<ReadNetwork, 'mtu' | 'internet'> {
  const more: Pick<ReadNetwork, 'mtu' | 'internet'> = {};
  for (const { key, value, at } of entriesOf(entry.value)) {
    if (key === 'mtu') {
      const read = check(page, networkSchema.shape.mtu, value, at, '`mtu`');
      if (read?.value !== undefined) more.mtu = read.value;
    }
    if (key === 'internet' && check(page, networkSchema.shape.internet, value, at, '`internet`')?.value)
      more.internet = true;
  }
  return more;
}

function readServers(page: Page, entry: Entry): ReadNetwork['servers'] {
  return entriesOf(entry.value).flatMap(({ key, value, at }) => {
    const duty = DUTIES.find((one) => one === key);
    const read = duty && check(page, networkSchema.shape[duty], value, at, `\`${duty}\``);
    return duty && read?.value !== undefined ? [{ duty, host: read.value, at: value ?? at }] : [];
  });
}

/** A name that the author chose for a network or a host. */
export function checkName(page: Page, entry: Entry, what: string): void {
  const given = name.safeParse(entry.key);
  if (!given.success) check(page, name, entry.at, entry.at, what);
  else if ((RESERVED as readonly string[]).includes(entry.key)) {
    refuse(page, entry.at, `\`${entry.key}\` cannot name ${what}: the word means something else`, {
      mend: `not to be used: ${RESERVED.join(', ')}`,
    });
  }
}

function readSubnet(
  page: Page,
  entry: Entry,
  node: Node,
  others: ReadonlyMap<string, ReadNetwork>,
): Subnet | undefined {
  const subnet = isScalar(node) && typeof node.value === 'string' ? parseSubnet(node.value) : notText(node);
  if (subnet instanceof Wrong) {
    refuse(page, node, subnet.what, { mend: subnet.mend });
    return undefined;
  }
  for (const other of others.values()) {
    if (!other.subnet || other.subnet.last < subnet.first || other.subnet.first > subnet.last) continue;
    const theirs = `\`${other.name}\` (${printSubnet(other.subnet)}, line ${other.where.line})`;
    refuse(page, node, `\`${entry.key}\` (${printSubnet(subnet)}) overlaps ${theirs}`, {
      mend: 'every network has addresses of its own',
    });
  }
  return subnet;
}

/** The subnet's node in `office: 10.50.1.0/24` or `office: { subnet: 10.50.1.0/24, mtu: 1400 }`. */
function subnetNode(page: Page, entry: Entry): Node | undefined {
  if (isMap(entry.value)) {
    const what = `network \`${entry.key}\``;
    for (const inner of entriesOf(entry.value)) {
      if (!KEYS.includes(inner.key)) refuseKey(page, inner.at, inner.key, KEYS, what);
    }
    const subnet = entriesOf(entry.value).find((inner) => inner.key === 'subnet');
    if (subnet) return subnet.value ?? subnet.at;
    if (entriesOf(entry.value).some((inner) => nearest(inner.key, ['subnet']))) return undefined;
    refuse(page, entry.at, `${what} needs the key \`subnet\``, { mend: 'write { subnet: 10.50.1.0/24 }' });
    return undefined;
  }
  const empty = !entry.value || (isScalar(entry.value) && entry.value.value === null);
  if (!empty) return entry.value ?? undefined;
  refuse(page, entry.at, `network \`${entry.key}\` has no subnet`, {
    mend: `write ${entry.key}: 10.50.1.0/24`,
  });
  return undefined;
}

function notText(node: Node): Wrong {
  return new Wrong(`a subnet is expected, found ${describe(node)}`, 'write 10.50.1.0/24');
}

/** Reads `10.50.1.0/24`: the network's own address, prefix 8 to 30, addresses that hosts may have. */
export function parseSubnet(text: string): Subnet | Wrong {
  if (/^[\da-fA-F]*:[\da-fA-F:.]*(\/\d+)?$/.test(text)) {
    return new Wrong(`${text} is an IPv6 network`, 'IPv6 comes with a later version: use IPv4');
  }
  const [first = '', length, more] = text.split('/');
  const address = parseAddress(first);
  if (nearest(text, [AUTO])) return new Wrong(`"${text}" is not a subnet`, `did you mean \`${AUTO}\`?`);
  if (address === undefined || more !== undefined) {
    return new Wrong(`"${text}" is not a subnet`, 'write an address and a prefix: 10.50.1.0/24');
  }
  if (length === undefined)
    return new Wrong(`${text} has no prefix`, `write ${text}/24 for the 254 addresses around it`);
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefix >= 8 && prefix <= 30)) {
    return new Wrong(`/${length} is not a prefix that a network here can have`, 'write /8 to /30');
  }
  return checkRange(text, address, subnetOf(address, prefix));
}

function checkRange(text: string, address: number, subnet: Subnet): Subnet | Wrong {
  const octet = address >>> 24;
  const kind = octet === 127 ? 'loopback' : octet >= 224 && octet < 240 ? 'multicast' : 'reserved';
  if (octet === 0 || octet === 127 || octet >= 224) {
    return new Wrong(
      `${text} is ${kind}: hosts have no such addresses`,
      'write a private network: 10.50.1.0/24',
    );
  }
  if (subnet.first === address) return subnet;
  return new Wrong(
    `${text} is an address inside a network, not the network's own`,
    `write ${printSubnet(subnet)}`,
  );
}
