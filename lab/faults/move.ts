/**
 * A host goes to another network, as a phone does that leaves the house: its card is on the other one, with an address and the
 * routes of that network. The address that it had is nobody's, and its connections die as they would.
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { familyOf, parseAddress, printAddress, subnetFrom } from '../model/address.ts';
import { AUTO } from '../model/auto-subnets.ts';
import type { PlannedInterface } from '../model/planned.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import type { Host } from '../model/types.ts';
import { wrongAddress } from '../scenario/topology/own-addresses.ts';
import { name } from '../scenario/values/values.ts';
import type { KnownNetwork, Objection, Reference } from '../scenario/vocabulary.ts';
import { thingsOf } from './cables.ts';
import { type FaultKind, standing } from './fault.ts';

const address = reading(
  (input) => {
    const read = typeof input === 'string' ? parseAddress(input) : undefined;
    if (read) return printAddress(read);
    return new Wrong(
      `${show(input)} is not an address`,
      'write an address of that network, or leave `address` out',
    );
  },
  { title: 'address', type: 'string', description: 'An address of IPv4 or IPv6.' },
);

const schema = z
  .strictObject({
    host: name.describe('The host that moves.'),
    from: name.optional().describe('The network that it leaves. A host on one network leaves that one.'),
    to: name.describe('The network to which it goes.'),
    address: z
      .union([address, z.array(address).min(1).max(2)])
      .optional()
      .describe(
        'Its address there, or one of each family. Without it the host gets the next free one, by DHCP where the network has it.',
      ),
  })
  .describe('The host, and the network to which it goes.');

type Going = z.output<typeof schema>;

/** Ethernet's (RFC 894), where a network says nothing. */
const MTU = 1500;

export const move: FaultKind<Going> = {
  word: 'move',
  summary:
    'Leads a host to another network. Its old address is gone, and it has an address and the routes of the other network.',
  example: 'fault: { move: { host: phone, to: lte }, as: away }',
  schema,
  feature: 'changes',

  references: ({ host, from, to }): Reference[] => [
    { path: ['host'], is: 'host', value: host },
    ...(from === undefined ? [] : [{ path: ['from'], is: 'cable' as const, value: `${host}.${from}` }]),
    { path: ['to'], is: 'network', value: to },
  ],

  objections: (going, hosts, networks) => [
    ...ofHost(going, hosts, networks),
    ...ofNetwork(going, hosts, networks),
    ...ofAddresses(going, hosts, networks),
  ],

  breaks: (going, hosts) => ({
    path: ['host'],
    holds: [`\`${going.host}\``, ...thingsOf([going.host, going.from].filter(Boolean).join('.'), hosts)],
    state: 'on another network',
    undo: 'heal',
  }),

  moves(going, hosts) {
    const { host, to } = going;
    const from = fromWhere(going, hosts.get(host)?.networks);
    return from === undefined ? undefined : { host, from, to };
  },

  explain: ({ host, to }) => `move ${host} to ${to}`,

  async begin(going, hosts, _plan, moveHost) {
    if (!moveHost) throw new Error('a host is moved in a lab alone');
    const { host, to, address = [] } = going;
    const from = fromWhere(going, hosts.get(host)?.plan.interfaces);
    if (from === undefined) throw new LabError('scenario', `${host} is on no network, or on several`);
    const { before, now } = await moveHost({ host, from, to, addresses: [address].flat() });
    const lost = addressesOf(before);
    const did = `moved ${host} from ${from} (${lost.join(', ')}) to ${to} (${addressesOf(now).join(', ')})`;
    return standing(did, { kind: 'moved', host, from, to, lost }, async () => {
      await moveHost({ host, from: to, to: from, addresses: lost });
      return `moved ${host} back to ${from} (${lost.join(', ')})`;
    });
  },
};

/** Of a host on several networks the one that is named. */
function fromWhere(
  { from }: Pick<Going, 'from'>,
  on: readonly { network: string }[] = [],
): string | undefined {
  return from ?? (on.length === 1 ? on[0]!.network : undefined);
}

function addressesOf({ addresses }: PlannedInterface): string[] {
  return addresses.map(({ address }) => address);
}

function ofHost(
  going: Going,
  hosts: ReadonlyMap<string, Host>,
  networks: readonly KnownNetwork[],
): Objection[] {
  const { host } = going;
  const written = hosts.get(host);
  if (!written) return [];
  const from = fromWhere(going, written.networks);
  const path = ['host'];
  if (from === undefined) {
    const all = written.networks.map(({ network }) => network);
    if (all.length === 0) return [{ path, message: `\`${host}\` is on no network` }];
    const hint = `write which it leaves, from: ${all[0]}, or another of ${all.join(', ')}`;
    return [{ path, message: `\`${host}\` is on several networks`, hint }];
  }
  if (written.forward)
    return [
      {
        path,
        message: `\`${host}\` is a router, and others go by it`,
        hint: 'move a host that does not forward; to take a way away write `unplug`',
      },
    ];
  const { dhcp, dns } = networks.find((one) => one.name === from) ?? {};
  const duty = dutyOf(host, dhcp, dns);
  if (duty === undefined) return [];
  return [{ path, message: `\`${host}\` ${duty} of \`${from}\``, hint: 'move another host' }];
}

function dutyOf(host: string, dhcp: KnownNetwork['dhcp'], dns: string | undefined): string | undefined {
  if (dhcp?.by === host) return 'hands out the addresses';
  if (dhcp?.relay === host) return 'relays DHCP';
  return dns === host ? 'is the name server' : undefined;
}

function ofNetwork(
  going: Going,
  hosts: ReadonlyMap<string, Host>,
  networks: readonly KnownNetwork[],
): Objection[] {
  const { host, to } = going;
  const on = hosts.get(host)?.networks ?? [];
  const from = fromWhere(going, on);
  const path = ['to'];
  if (on.some(({ network }) => network === to))
    return [{ path, message: `\`${host}\` is on \`${to}\` already`, hint: 'name another network' }];
  const [left, come] = [from, to].map((name) => networks.find((one) => one.name === name));
  if (!left || !come) return [];
  const own = on.find(({ network }) => network === from)?.mtu;
  const [mtu, other] = [own ?? left.mtu ?? MTU, come.mtu ?? MTU];
  if (own === undefined ? mtu !== other : mtu > other)
    return [
      {
        path,
        message: `\`${own === undefined ? left.name : host}\` has an MTU of ${mtu} and \`${to}\` of ${other}, and a card keeps its own`,
        hint: 'give both networks the same `mtu`',
      },
    ];
  const lacks = come.subnets.find((one) => !left.subnets.some((own) => familyOf(own) === familyOf(one)));
  if (lacks === undefined) return [];
  const message = `\`${to}\` has IPv6 and \`${left.name}\` has not, and a host gets a family when it comes up`;
  return familyOf(lacks) === 'ipv6'
    ? [{ path, message, hint: `give \`${left.name}\` a subnet of IPv6 as well` }]
    : [];
}

function ofAddresses(
  { host, address = [], to }: Going,
  hosts: ReadonlyMap<string, Host>,
  networks: readonly KnownNetwork[],
): Objection[] {
  const subnets = networks.find(({ name }) => name === to)?.subnets ?? [];
  const all = [address].flat();
  return all.flatMap((one, index): Objection[] => {
    const path = Array.isArray(address) ? ['address', index] : ['address'];
    if (subnets.length === 0) return [];
    if (subnets.includes(AUTO))
      return [{ path, message: `\`${to}\` is \`auto\`: its addresses are handed out`, hint: 'leave it out' }];
    if (all.findIndex((other) => familyOf(other) === familyOf(one)) < index)
      return [
        { path, message: `${one} is a second address of its family`, hint: 'write one of each at most' },
      ];
    const wrong = wrongAddress(parseAddress(one)!, to, subnets.map(subnetFrom));
    if (wrong) return [{ path, ...wrong }];
    const owner = [...hosts.values()].find(
      ({ name, networks }) => name !== host && networks.some(({ addresses }) => addresses.includes(one)),
    );
    return owner ? [{ path, message: `\`${owner.name}\` has ${one} already` }] : [];
  });
}
