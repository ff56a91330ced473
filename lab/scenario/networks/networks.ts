/** `networks:` read and checked. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { z } from 'zod';
import { isPointToPoint, printSubnet } from '../../model/address.ts';
import { AUTO } from '../../model/auto-subnets.ts';
import { RESERVED } from '../../model/endpoint.ts';
import { NETWORK_EXAMPLE } from '../hints/examples.ts';
import { flow, pair } from '../hints/flow.ts';
import { formOf } from '../hints/form.ts';
import { meantKey, tablesFor } from '../hints/unknown-word.ts';
import { check, refuseKey } from '../text/check.ts';
import { type Page, refuse, whereIs } from '../text/page.ts';
import { type Entry, entriesOf, placeOf, plain, readMap, withColon } from '../text/tree.ts';
import { mtu, SMALLEST_MTU_V6 } from '../values/mtu.ts';
import { NAME, name } from '../values/values.ts';
import { dhcpSchema } from './dhcp.ts';
import { linkSchema } from './link.ts';
import { DUTIES, type Duty, type ReadNetwork } from './read-network.ts';
import { readSubnets } from './subnets.ts';

export const MOST_NETWORKS = 64;

/** The keys of a network beside its subnet. */
export const networkSchema = z.strictObject({
  mtu: mtu.optional().describe('Bytes of the largest packet. 1500 is the default.'),
  link: linkSchema
    .optional()
    .describe(
      'The delay, loss or rate that every frame between its hosts meets once, as it leaves its sender.',
    ),
  internet: z
    .boolean()
    .optional()
    .describe('true: its hosts reach the machine and, through it, the world, by IPv4. Not on netns.'),
  dhcp: dhcpSchema
    .optional()
    .describe(
      'The host that hands out its addresses (RFC 2131), alone or with a range, a time and a relay. Hosts without a written address ask for theirs while the lab comes up.',
    ),
  dns: name
    .optional()
    .describe('A host on it that is its name server. Its hosts ask there for the names of the lab.'),
});
const KEYS = ['subnet', ...Object.keys(networkSchema.shape)];

/** Every network that was named, by name; problems with them are noted on the page. */
export function readNetworks(page: Page, { value, at }: Entry): Map<string, ReadNetwork> {
  const networks = new Map<string, ReadNetwork>();
  const entries = readMap(page, '`networks`', value, at, withColon(value) ?? hintFor(value)) ?? [];
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
      networks.set(entry.key, { ...network, subnets: [], auto: true });
      continue;
    }
    const subnets = node ? readSubnets(page, entry, node, networks) : [];
    const whole = { ...network, subnets };
    checkFamilies(page, entry, whole);
    networks.set(entry.key, whole);
  }
  if (entries.length === 0 && isMap(value))
    refuse(page, at, 'there is no network', { hint: 'write lan: 10.50.1.0/24' });
  return networks;
}

/** A network's key with the value that was written under another name for it. */
function formUnder(key: string, value: unknown): string | undefined {
  const subnet = key === 'subnet' ? z.string().regex(/\//) : networkSchema.shape[key as Duty];
  const written = key === 'subnet' ? cidrIn(value) : value;
  return formOf(key, written, { schema: subnet, example: NETWORK_EXAMPLE[key as Duty] });
}

/** `10.50.1.0/24`, wherever it stands: compose has it under `ipam`, `config` and `subnet`. */
function cidrIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.values(value)
    .map(cidrIn)
    .find((one) => typeof one === 'string' && one.includes('/'));
}

/** `[lan, wan]`: names alone, as hosts take them. */
function hintFor(value: Node | null): string {
  const names = isSeq(value) ? value.items.map((item) => plain(item as Node)) : [];
  const good = names.filter((one): one is string => typeof one === 'string' && NAME.test(one));
  const shown = (good.length > 0 ? good : ['lan'])
    .slice(0, 3)
    .map((one, at) => [one, `10.50.${at + 1}.0/24`]);
  return `write networks: ${flow(Object.fromEntries(shown))}`;
}

/** Checks a network against the demands of its subnets. */
function checkFamilies(page: Page, entry: Entry, { subnets, mtu, internet }: ReadNetwork): void {
  const pair = subnets.find((one) => one.family === 'ipv4' && isPointToPoint(one));
  if (pair && internet)
    refuse(
      page,
      entry.at,
      `\`internet\` needs an address for the engine, and ${printSubnet(pair)} has none to spare`,
      {
        hint: 'write a shorter prefix, /29 for instance',
      },
    );
  const six = subnets.find(({ family }) => family === 'ipv6');
  if (!six) return;
  if (mtu !== undefined && mtu < SMALLEST_MTU_V6) {
    refuse(page, entry.at, `IPv6 needs more than an \`mtu\` of ${mtu}`, {
      hint: `write ${SMALLEST_MTU_V6} or more, or leave ${printSubnet(six)} out`,
    });
  }
  if (internet && subnets.length === 1) {
    refuse(page, entry.at, '`internet` works by IPv4, and this network has no IPv4', {
      hint: `write both: subnet: [10.50.1.0/24, "${printSubnet(six)}"]`,
    });
  }
}

/** The keys beside the subnet. */
function readMore(page: Page, entry: Entry): Pick<ReadNetwork, 'mtu' | 'internet' | 'link'> {
  const more: Pick<ReadNetwork, 'mtu' | 'internet' | 'link'> = {};
  for (const { key, value, at } of entriesOf(entry.value)) {
    if (key === 'mtu') {
      const read = check(page, networkSchema.shape.mtu, value, at, '`mtu`', () => ({
        example: NETWORK_EXAMPLE.mtu,
      }));
      if (read?.value !== undefined) more.mtu = read.value;
    }
    if (key === 'link') {
      const read = check(page, linkSchema, value, at, '`link`');
      if (read) more.link = read.value;
    }
    if (key === 'internet' && check(page, networkSchema.shape.internet, value, at, '`internet`')?.value)
      more.internet = true;
  }
  return more;
}

function readServers(page: Page, entry: Entry): ReadNetwork['servers'] {
  return entriesOf(entry.value).flatMap(({ key, value, at }): ReadNetwork['servers'] => {
    const duty = DUTIES.find((one) => one === key);
    if (duty && isScalar(value) && typeof value.value === 'boolean') {
      refuse(page, value, `\`${duty}\` names the host that does it, found ${String(value.value)}`, {
        hint: value.value
          ? ({ other }) => `write ${duty}: ${other}, or another host on it`
          : `leave \`${duty}\` out`,
      });
      return [];
    }
    if (duty && isSeq(value)) {
      refuse(page, value, `one server for a network: \`${duty}\` takes one host, found a list`, {
        hint: ({ other }) => `write ${duty}: ${flow(plain(value.items[0] as Node) ?? other)}`,
      });
      return [];
    }
    if (duty === 'dhcp') {
      const read = check(page, dhcpSchema, value, at, '`dhcp`');
      if (!read) return [];
      const place = placeOf(value, isMap(value) ? ['by'] : [], at);
      return [{ duty, host: read.value.by, at: place, dhcp: { terms: read.value, value, key: at } }];
    }
    const read = duty && check(page, name, value, at, `\`${duty}\``);
    return duty && read ? [{ duty, host: read.value, at: value ?? at }] : [];
  });
}

/** A name that the author chose for a network or a host. */
export function checkName(page: Page, entry: Entry, what: string): void {
  const given = name.safeParse(entry.key);
  if (!given.success) check(page, name, entry.at, entry.at, what);
  else if ((RESERVED as readonly string[]).includes(entry.key)) {
    refuse(page, entry.at, `\`${entry.key}\` cannot name ${what}: the word means something else`, {
      hint: `not to be used: ${RESERVED.join(', ')}`,
    });
  }
}

/** The subnet's node in `office: 10.50.1.0/24` or `office: { subnet: 10.50.1.0/24, mtu: 1400 }`. */
function subnetNode(page: Page, entry: Entry): Node | undefined {
  if (isMap(entry.value)) {
    const what = `network \`${entry.key}\``;
    for (const inner of entriesOf(entry.value)) {
      if (KEYS.includes(inner.key)) continue;
      const around = entriesOf(entry.value);
      refuseKey(page, { entry: inner, allowed: KEYS, what, level: 'network', around, form: formUnder });
    }
    const subnet = entriesOf(entry.value).find((inner) => inner.key === 'subnet');
    if (subnet) return subnet.value ?? subnet.at;
    const mistyped = entriesOf(entry.value).some(
      ({ key }) =>
        !KEYS.includes(key) && meantKey(key, KEYS, tablesFor('network', undefined))?.key === 'subnet',
    );
    if (mistyped) return undefined;
    refuse(page, entry.at, `${what} needs the key \`subnet\``, {
      hint: `write ${pair(entry.key, { subnet: '10.50.1.0/24', ...(plain(entry.value) as object) })}`,
    });
    return undefined;
  }
  const empty = !entry.value || (isScalar(entry.value) && entry.value.value === null);
  if (!empty) return entry.value ?? undefined;
  refuse(page, entry.at, `network \`${entry.key}\` has no subnet`, {
    hint: `write ${entry.key}: 10.50.1.0/24`,
  });
  return undefined;
}
