/** The cables of a host as `unplug` and `plug` name them: `alice` is all of hers, `router.office` is one. */
import type { Lacking } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import type { PlannedInterface } from '../model/planned.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import type { Host } from '../model/types.ts';
import { NAME } from '../scenario/values/values.ts';
import type { Reference } from '../scenario/vocabulary.ts';
import { all } from './all.ts';
import type { LiveHosts } from './fault.ts';

export const cables = reading(
  (input) => {
    const parts = typeof input === 'string' ? input.split('.') : [];
    if ((parts.length === 1 || parts.length === 2) && parts.every((part) => NAME.test(part)))
      return String(input);
    return new Wrong(
      `${show(input)} is not a cable`,
      ({ host, network }) => `write a host (${host}), or a host and its network (${host}.${network})`,
    );
  },
  { title: 'cable', type: 'string', description: 'A host, or host.network for one of its cables.' },
);

export function referenceTo(written: string): Reference[] {
  return [{ path: [], is: 'cable', value: written }];
}

/** Each cable meant, as messages and the loader name it. */
export function thingsOf(written: string, hosts: ReadonlyMap<string, Host>): string[] {
  const [host = '', network] = written.split('.');
  const networks = hosts.get(host)?.networks.map((one) => one.network) ?? [];
  return networks
    .filter((one) => network === undefined || one === network)
    .map((one) => `the cable of \`${host}\` to \`${one}\``);
}

export interface Meant {
  host: LiveHost;
  cards: PlannedInterface[];
}

/** Throws LabError (`scenario`) where there is none. */
export function meantBy(written: string, hosts: LiveHosts): Meant {
  const [name = '', network] = written.split('.');
  const host = hosts.get(name);
  const cards = host?.plan.interfaces.filter((one) => network === undefined || one.network === network) ?? [];
  if (!host || cards.length === 0) {
    const known = [...hosts.values()].flatMap(({ name, plan }) =>
      plan.interfaces.map((one) => `${name}.${one.network}`),
    );
    throw new LabError('scenario', `no cable \`${written}\``, { hint: `cables are ${known.join(', ')}` });
  }
  return { host, cards };
}

export function lacking(written: string, hosts: LiveHosts): Lacking | undefined {
  const { patch } = meantBy(written, hosts).host.capabilities;
  return patch === true ? undefined : patch;
}

/** Those that are plugged in, and those that are not, by the host's own kernel. */
export async function sort({
  host,
  cards,
}: Meant): Promise<{ plugged: PlannedInterface[]; out: PlannedInterface[] }> {
  const state = new Map((await host.agent.interfaces()).map(({ name, carrier }) => [name, carrier]));
  return {
    plugged: cards.filter(({ name }) => state.get(name)),
    out: cards.filter(({ name }) => !state.get(name)),
  };
}

/** Plugs in those that are out, and says which. */
export async function plugIn(meant: Meant): Promise<string> {
  const { host } = meant;
  const { out } = await sort(meant);
  await all(out.map(({ name }) => host.agent.plug({ card: name })));
  const still = (await sort(meant)).out;
  if (still.length > 0)
    throw new LabError('scenario', `${showCards({ host, cards: still })}: still no carrier`);
  return out.length > 0
    ? `plugged in ${showCards({ host, cards: out })}`
    : `${host.name} is plugged in already`;
}

/** `alice (eth0, office)` */
export function showCards({ host, cards }: Meant): string {
  return `${host.name} (${cards.map(({ name, network }) => `${name}, ${network}`).join('; ')})`;
}
