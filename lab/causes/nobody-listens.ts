import type { Cause } from './cause.ts';
import { type Evidence, waiting } from './evidence.ts';
import type { Machine } from './machine.ts';
import { isMulticast } from './subnet.ts';
import { broadcastsOf } from './target.ts';

interface Groups {
  maddr: { address?: string }[];
}

/** A datagram for many that nobody has joined for, or has the port for. */
export const nobodyListens: Cause = {
  word: 'nobody-listens',
  async find(evidence) {
    const { target, how } = evidence;
    if (target?.transport !== 'udp' || target.cast !== 'many' || how !== 'silence') return undefined;
    const multicast = isMulticast(target.address);
    const near = neighbours(evidence, multicast);
    const members = multicast ? await joined(near.machines, target.address) : near.machines;
    if (members.length === 0) return `nobody on ${near.networks} has joined ${target.address}`;
    const bound = await Promise.all(members.map((machine) => hears(machine, target, evidence)));
    if (bound.includes(true)) return undefined;
    const who = multicast
      ? `${members.map(({ name }) => name).join(', ')} joined ${target.address}, but `
      : '';
    return `${who}nobody on ${near.networks} is bound to udp ${target.port} for it`;
  },
};

/** Those who share a network with the sender: the broadcast address's own, where it has one. */
function neighbours({ here, all, target }: Evidence, multicast: boolean) {
  const own = here.cards.filter((card) => multicast || broadcastsOf(card).includes(target!.address));
  const cards = own.length > 0 ? own : here.cards;
  const networks = cards.map(({ network }) => network);
  const machines = all.filter((machine) => {
    return machine !== here && machine.cards.some(({ network }) => networks.includes(network));
  });
  return { machines, networks: networks.join(', ') };
}

async function joined(machines: readonly Machine[], group: string): Promise<Machine[]> {
  const family = group.includes(':') ? '-6' : '-4';
  const lists = await Promise.all(machines.map((one) => one.says('ip', '-j', family, 'maddr', 'show')));
  return machines.filter((_, index) => {
    const all = (JSON.parse(lists[index] || '[]') as Groups[]).flatMap(({ maddr }) => maddr);
    return all.some(({ address }) => address === group);
  });
}

async function hears(machine: Machine, target: { address: string; port: number }, { here }: Evidence) {
  const broadcasts = here.cards.flatMap(broadcastsOf);
  const fits = ['0.0.0.0', '::', target.address, ...(target.address === '255.255.255.255' ? broadcasts : [])];
  const sockets = await waiting(machine, 'udp');
  return sockets.some(({ local }) => local.port === target.port && fits.includes(local.address));
}
