/** A datagram for many hosts: none has joined the group or has the port, or the expected host cannot hear it. */
import type { Cause } from './cause.ts';
import { type Evidence, waiting } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import { isMulticast } from './evidence/subnet.ts';
import { broadcastsOf, networkOf, type Target } from './evidence/target.ts';

interface Groups {
  maddr: { address?: string }[];
}

export const nobodyListens: Cause = {
  word: 'nobody-listens',
  async find(evidence) {
    const { target, symptom, all, wrong } = evidence;
    if (target?.transport !== 'udp' || target.cast === 'one' || symptom !== 'silence') return undefined;
    const networks = networksOf(evidence, target);
    const awaited = wrong.kind === 'seen' ? all.find(({ name }) => name === wrong.by) : undefined;
    if (awaited && !isOn(awaited, networks)) return outside(awaited, target, networks);
    const near = awaited ? [awaited] : all.filter((one) => one !== evidence.here && isOn(one, networks));
    const who = awaited ? `${awaited.name}` : `nobody on ${networks.join(', ')}`;
    const multicast = isMulticast(target.address);
    const members = multicast ? await joined(near, target.address) : near;
    if (members.length === 0) return `${who} has ${awaited ? 'not ' : ''}joined ${target.address}`;
    const bound = await Promise.all(members.map((machine) => hears(machine, target, evidence)));
    if (bound.includes(true)) return undefined;
    const joins = multicast && !awaited ? `${namesOf(members)} joined ${target.address}, but ` : '';
    const nothing = awaited ? `nothing on ${awaited.name}` : who;
    return `${joins}${nothing} is bound to udp ${target.port} for it`;
  },
};

/** The networks where the datagram is heard: a broadcast address's own network, else all networks of the sender. */
function networksOf({ here, all }: Evidence, { address }: Target): string[] {
  const own = networkOf(address, all);
  return own === undefined ? here.cards.map(({ network }) => network) : [own];
}

function isOn({ cards }: Machine, networks: readonly string[]): boolean {
  return cards.some(({ network }) => networks.includes(network));
}

/** The expected host is on another network. */
function outside({ name }: Machine, { address }: Target, networks: readonly string[]): string {
  const [network] = networks;
  return isMulticast(address) || address === '255.255.255.255'
    ? `${address} is heard on ${networks.join(', ')} alone, and ${name} is not there`
    : `${address} is the broadcast address of ${network}, and ${name} is not on it`;
}

function namesOf(machines: readonly Machine[]): string {
  return machines.map(({ name }) => name).join(', ');
}

async function joined(machines: readonly Machine[], group: string): Promise<Machine[]> {
  const family = group.includes(':') ? '-6' : '-4';
  const lists = await Promise.all(machines.map((one) => one.says('ip', '-j', family, 'maddr', 'show')));
  return machines.filter((_, index) => {
    const all = (JSON.parse(lists[index] || '[]') as Groups[]).flatMap(({ maddr }) => maddr);
    return all.some(({ address }) => address === group);
  });
}

async function hears(machine: Machine, target: Target, { here }: Evidence): Promise<boolean> {
  const broadcasts = here.cards.flatMap(broadcastsOf);
  const fits = ['0.0.0.0', '::', target.address, ...(target.address === '255.255.255.255' ? broadcasts : [])];
  const sockets = await waiting(machine, 'udp');
  return sockets.some(({ local }) => local.port === target.port && fits.includes(local.address));
}
