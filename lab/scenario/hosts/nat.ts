/** `nat:` of a router, read and checked: packets that leave on one of its networks get its address there (RFC 4787). */
import type { Node } from 'yaml';
import { z } from 'zod';
import { contains, parseAddress } from '../../model/address.ts';
import { parseEndpoint } from '../../model/endpoint.ts';
import { networksIn } from '../../model/families.ts';
import { behaviourOf, DEPENDS, LASTS, NAT_KINDS } from '../../model/nat-kinds.ts';
import { Wrong } from '../../model/reading.ts';
import type { Host, Nat, PortForward } from '../../model/types.ts';
import { networksOf } from '../../model/ways.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { describe, type Entry, entriesOf, plain, readMap } from '../text/tree.ts';
import { type Around, noWay } from '../topology/no-way.ts';
import { duration, name } from '../values/values.ts';
import type { ReadHost } from './read-host.ts';

const port = { type: 'string', pattern: '^\\S+$' };
const portMap = { type: 'object', additionalProperties: port };

/** All but the ports, which are read one by one so that each mistake is shown at its place. */
export const natSchema = z
  .strictObject({
    outside: name.describe(
      'A network of the router. Packets that leave there get the address of the router.',
    ),
    kind: z
      .enum(NAT_KINDS)
      .optional()
      .describe(
        'Sets `mapping` and `filtering` to the same value. symmetric sets both to address-and-port-dependent.',
      ),
    mapping: z
      .enum(DEPENDS)
      .optional()
      .describe(
        'Which peers see the same outside port of a host (RFC 4787, section 4.1). By default all peers do: endpoint-independent. With address-dependent, each peer address sees another port. With address-and-port-dependent, each port of a peer does too.',
      ),
    filtering: z
      .enum(DEPENDS)
      .optional()
      .describe(
        'Which packets to an outside port the NAT lets in (RFC 4787, section 5). With endpoint-independent, all of them. With address-dependent, those from an address to which the host inside has sent. By default, those from an address and port to which it has sent: address-and-port-dependent.',
      ),
    hairpin: z
      .boolean()
      .optional()
      .describe('true: hosts inside reach each other by their outside ports too (RFC 4787, section 6).'),
    timeout: duration
      .refine((time) => time > 0, {
        message: 'a mapping that lasts no time is none',
        params: { hint: 'write for instance 30s' },
      })
      .optional()
      .describe(
        'The time that a mapping lasts after the last packet from inside. 5m is the default. A TCP connection that has begun lasts longer.',
      ),
    answers: z
      .boolean()
      .optional()
      .describe(
        'true: the router itself can be asked from outside, like any other host. Without it nothing that comes to its own outside address is answered.',
      ),
    ports: z
      .unknown()
      .optional()
      .meta({
        type: 'object',
        properties: {
          tcp: { ...portMap, description: 'Ports of TCP.' },
          udp: { ...portMap, description: 'Ports of UDP.' },
        },
        additionalProperties: port,
        description:
          'Ports of the router that lead to hosts inside (DNAT), for TCP: { "8080": "web:80" }. For both: { tcp: { "8080": "web:80" }, udp: { "53": names } }.',
      }),
  })
  .describe(
    'At a router: packets that leave by one network get the address of the router there. It is for IPv4: IPv6 is routed unchanged. A packet from outside passes only where it is an answer, or `filtering` or `ports` lets it in.',
  );

export type WrittenNat = z.infer<typeof natSchema>;

/** A host's `nat`; problems with its ports are noted. `written` is the value that the schema made of it. */
export function readNat(page: Page, { value }: Entry, written: WrittenNat): Nat {
  const keys = entriesOf(value);
  const ports = keys.find(({ key }) => key === 'ports');
  checkKind(page, keys, written);
  const { outside, kind, hairpin, timeout = LASTS, answers } = written;
  return {
    outside,
    ...behaviourOf(kind, written),
    ...(hairpin && { hairpin }),
    timeout,
    ...(answers && { answers }),
    ports: ports ? readPorts(page, ports) : [],
  };
}

/** `kind` stands for `mapping` and `filtering`, so neither of the two goes beside it. */
function checkKind(page: Page, keys: readonly Entry[], { kind, mapping, filtering }: WrittenNat): void {
  const twice = keys.find(({ key }) => key === 'mapping' || key === 'filtering');
  if (kind === undefined || !twice) return;
  const both = { ...behaviourOf(kind, { mapping, filtering }) };
  const hint = `leave \`kind\` out and write mapping: ${both.mapping}, filtering: ${both.filtering}`;
  refuse(page, twice.at, `\`kind: ${kind}\` says what \`${twice.key}\` is already`, { hint });
}

const TRANSPORTS = ['tcp', 'udp'] as const;

function readPorts(page: Page, { value, at }: Entry): PortForward[] {
  const all = (
    readMap(page, '`ports`', value, at, ({ other }) => `write ports: { "8080": "${other}:80" }`) ?? []
  ).flatMap((entry) => {
    const transport = TRANSPORTS.find((one) => one === entry.key);
    if (!transport) return readPort(page, entry, 'tcp');
    const inner = readMap(page, `\`${transport}\``, entry.value, entry.at) ?? [];
    return inner.flatMap((each) => readPort(page, each, transport));
  });
  for (const [index, { forward, at: where }] of all.entries()) {
    const { transport, port: number } = forward;
    const before = all.slice(0, index).map((one) => one.forward);
    const first = before.find((one) => one.transport === transport && one.port === number);
    if (!first) continue;
    const hint = 'a port leads to one host: leave one of them out';
    refuse(page, where, `${transport} port ${number} leads to ${first.text} already`, { hint });
  }
  return all.map(({ forward }) => forward);
}

/** A port, and where it stands. */
interface ReadPort {
  forward: PortForward;
  at: Node;
}

function readPort(page: Page, { key, at, value }: Entry, transport: 'tcp' | 'udp'): ReadPort[] {
  const number = /^\d{1,5}$/.test(key) ? Number(key) : 0;
  if (number < 1 || number > 65535) {
    const hint = 'write a port from 1 to 65535, or tcp or udp and the ports below it';
    refuse(page, at, `${key} is not a port`, { hint });
    return [];
  }
  const text = plain(value);
  if (typeof text !== 'string') {
    const hint = `write the host inside and its port in quotes: "web:${number}"`;
    refuse(page, value ?? at, `the destination of port ${number} is missing, found ${describe(value)}`, {
      hint,
    });
    return [];
  }
  const parsed = parseEndpoint(text, number);
  if (parsed instanceof Wrong) {
    refuse(page, value!, parsed.what, { hint: parsed.hint });
    return [];
  }
  return [{ forward: { transport, port: number, to: parsed.target, toPort: parsed.port, text }, at }];
}

/** The hosts and networks, by name and by address. */
export interface Inside extends Around {
  networks: ReadonlyMap<string, ReadNetwork>;
}

/** Checks that a NAT is a router's, has two sides, and leads inside; problems are noted on the page. */
export function checkNat(page: Page, { host, keys }: ReadHost, around: Inside): void {
  const { nat } = host;
  const entry = keys.find(({ key }) => key === 'nat');
  if (!nat || !entry) return;
  if (!host.forward) {
    const hint = 'write `forward: true` at it';
    refuse(page, entry.at, `\`nat\` is for a router, and \`${host.name}\` forwards nothing`, { hint });
  }
  const own = networksOf(host);
  // Problems with the networks themselves are reported already.
  if (own.length === 0) return;
  const outside = valueAt(entry, 'outside');
  if (!own.includes(nat.outside)) {
    const meant = nearest(nat.outside, own);
    const hint = meant ? `did you mean \`${meant}\`?` : 'name the network that the addresses are hidden from';
    refuse(page, outside, `\`${host.name}\` is not on \`${nat.outside}\``, { hint, allowed: own });
  } else if (own.length === 1) {
    const hint = 'put the router on a second network';
    refuse(page, outside, `no network is inside: \`${nat.outside}\` is its only network`, { hint });
  } else if (networksIn('ipv4', [nat.outside], around.families).length === 0) {
    const hint = 'leave `nat` out: IPv6 is routed unchanged';
    refuse(page, outside, `a NAT translates IPv4, and \`${nat.outside}\` has none`, { hint });
  }
  checkPorts(page, host, entry, around);
}

function valueAt(entry: Entry, key: string): Node {
  return entriesOf(entry.value).find((one) => one.key === key)?.value ?? entry.at;
}

function checkPorts(page: Page, host: Host, entry: Entry, around: Inside): void {
  const written = entriesOf(valueAt(entry, 'ports')).flatMap((one) =>
    one.key === 'tcp' || one.key === 'udp' ? entriesOf(one.value) : [one],
  );
  for (const { text, to } of host.nat!.ports) {
    const found = wrongTarget(host, to, around);
    const place = written.find(({ value }) => plain(value) === text)?.value;
    if (found) refuse(page, place ?? entry.at, found.message, found);
  }
}

function wrongTarget(router: Host, to: PortForward['to'], around: Inside): Dangling | undefined {
  const { hosts } = around;
  if (to.kind === 'address') return wrongAddress(router, to.address, around);
  if (to.kind === 'broadcast') return { message: 'a port leads to one host', hint: 'write a host: "web:80"' };
  if (to.host === router.name) return itself(`\`${to.host}\``);
  const peer = hosts.get(to.host);
  if (!peer) {
    const meant = nearest(to.host, hosts.keys());
    return {
      message: `no host \`${to.host}\``,
      hint: meant && `did you mean \`${meant}\`?`,
      allowed: [...hosts.keys()],
    };
  }
  const theirs = networksOf(peer);
  if (theirs.length === 0) return undefined;
  if (to.network !== undefined && !theirs.includes(to.network))
    return { message: `\`${to.host}\` is not on \`${to.network}\``, allowed: theirs };
  const inside = theirs.filter((network) => network !== router.nat!.outside);
  const wanted = to.network === undefined ? inside : [to.network].filter((one) => inside.includes(one));
  if (wanted.length === 0) return { message: `\`${to.host}\` is outside`, hint: 'name a host inside' };
  return noWay(router, peer, wanted, around, 'ipv4');
}

/** The address may belong to nobody: the effect of that can be shown too. */
function wrongAddress(router: Host, written: string, around: Inside): Dangling | undefined {
  const address = parseAddress(written)!;
  if (address.family !== 'ipv4') {
    return {
      message: `${written} is an IPv6 address, and a NAT translates IPv4`,
      hint: 'IPv6 is routed unchanged',
    };
  }
  if (router.networks.some(({ addresses }) => addresses.includes(written))) return itself(written);
  const all = [...around.networks.values()];
  const on = all.find(({ subnets }) => subnets.some((subnet) => contains(subnet, address)));
  // The addresses of a network are not known here where it is `auto`, or could not be read.
  if (!on && all.some(({ subnets }) => subnets.length === 0)) return undefined;
  if (!on || on.name === router.nat!.outside)
    return { message: `${written} is on no network inside`, hint: 'name a host inside' };
  const { first, last } = on.subnets.find((subnet) => contains(subnet, address))!;
  if (address.number !== first && address.number !== last) return undefined;
  return { message: `no host has the address ${written}`, hint: 'name a host inside' };
}

function itself(router: string): Dangling {
  return {
    message: `${router} is the router itself`,
    hint: 'its own ports need no forwarding: leave this out',
  };
}
