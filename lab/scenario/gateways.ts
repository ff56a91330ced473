/** Routers and the ways by them: every `gateway` leads somewhere, and no two ways are equally good. */
import type { Node } from 'yaml';
import { contains, engineAddress, parseAddress, printSubnet } from './address.ts';
import type { ReadHost } from './hosts.ts';
import { nearest } from './nearest.ts';
import type { ReadNetwork } from './networks.ts';
import { type Page, refuse } from './page.ts';
import type { Dangling } from './references.ts';
import type { Host } from './types.ts';
import { findWays, networksOf, type Tie, type Ways } from './ways.ts';

/** The ways through the lab; what is wrong with them is noted on the page. */
export function checkWays(
  page: Page,
  hosts: ReadonlyMap<string, ReadHost>,
  networks: ReadonlyMap<string, ReadNetwork>,
): Ways {
  const all = new Map([...hosts].map(([name, { host }]) => [name, host]));
  for (const { host, gateways } of hosts.values()) {
    for (const { at, text } of gateways) {
      const found = wrongWith(text, host, all, networks);
      if (found) refuse(page, at, found.message, found);
    }
  }
  const ways = findWays([...all.values()]);
  for (const tie of ways.ties) refuseTie(page, hosts.get(tie.host)!.at, tie, all);
  return ways;
}

function wrongWith(
  written: string,
  host: Host,
  hosts: ReadonlyMap<string, Host>,
  networks: ReadonlyMap<string, ReadNetwork>,
): Dangling | undefined {
  if (parseAddress(written) !== undefined) return wrongAddress(written, host, networks);
  const routers = near(host, hosts).filter(({ forward }) => forward);
  const allowed = routers.map(({ name }) => name);
  const router = hosts.get(written);
  if (!router) {
    const meant = nearest(written, allowed) ?? nearest(written, hosts.keys());
    const mend = meant ? `did you mean \`${meant}\`?` : 'name a host that forwards, or write `none`';
    return { message: `no host \`${written}\``, mend, allowed };
  }
  if (router === host) return { message: `\`${written}\` is the host itself`, allowed };
  // What is wrong with the networks themselves has been said.
  if (host.networks.length === 0 || router.networks.length === 0) return undefined;
  if (!near(host, hosts).includes(router)) {
    const mend = 'a gateway is a router on a network of the host itself';
    return { message: `\`${host.name}\` and \`${written}\` share no network`, mend, allowed };
  }
  if (router.forward) return undefined;
  return { message: `\`${written}\` forwards nothing`, mend: 'write `forward: true` at it' };
}

/** Hosts on a network of the host's. */
function near(host: Host, hosts: ReadonlyMap<string, Host>): Host[] {
  const own = networksOf(host);
  return [...hosts.values()].filter(
    (other) => other !== host && networksOf(other).some((network) => own.includes(network)),
  );
}

/** Nobody need have it: what that comes to can be shown too. */
function wrongAddress(
  written: string,
  host: Host,
  networks: ReadonlyMap<string, ReadNetwork>,
): Dangling | undefined {
  const number = parseAddress(written)!;
  if (host.networks.some(({ address }) => address === written))
    return { message: `${written} is the host's own address` };
  const own = host.networks.flatMap(({ network }) => networks.get(network)?.subnet ?? []);
  const on = own.find((subnet) => contains(subnet, number));
  if (!on && own.length < host.networks.length) {
    return { message: `${written} may be anybody's: a network is \`auto\``, mend: 'name the router' };
  }
  if (!on) {
    return { message: `${written} is on no network of \`${host.name}\``, allowed: own.map(printSubnet) };
  }
  if (number === on.first || number === on.last) return { message: `${written} is no host's address` };
  if (number !== engineAddress(on)) return undefined;
  return {
    message: `${written} is the engine's, which forwards nothing of the lab`,
    mend: 'name a router; for a way out of the lab write `internet: true` at a network',
  };
}

function refuseTie(page: Page, at: Node, { host, to, routers }: Tie, hosts: ReadonlyMap<string, Host>): void {
  const ways = routers.map(({ router, on }) => `by \`${router}\` (${on})`).join(', ');
  const names = routers.map(({ router }) => router);
  const several = hosts.get(host)?.forward ? `, or in order of preference [${names.join(', ')}]` : '';
  refuse(page, at, `\`${host}\` has several ways to ${to.join(', ')}, equally short: ${ways}`, {
    mend: `say which is taken: \`gateway: ${names[0]}\`${several}`,
  });
}

/** Why nothing that a host sends reaches another; undefined where it does. `networks`: where the other may be met. */
export function noWay(
  at: Host,
  peer: Host,
  networks: readonly string[],
  { ways, hosts }: { ways: Ways; hosts: ReadonlyMap<string, Host> },
): Dangling | undefined {
  if (networks.some((network) => ways.routers(at.name, network) !== undefined)) return undefined;
  const ours = networksOf(at);
  const message = `\`${at.name}\` (${ours.join(', ')}) has no way to \`${peer.name}\` (${networks.join(', ')})`;
  const literal = 'to see that it cannot be reached write its address';
  if (at.gateway?.length === 0) {
    return { message: `${message}: its gateway is none`, mend: `give it a router; ${literal}` };
  }
  if (at.gateway) {
    return { message: `${message}: its gateway does not lead there`, mend: `name another; ${literal}` };
  }
  const between = betweenThem(at, networks, ways, hosts);
  const mend = between
    ? `\`${between.name}\` is on both sides: write \`forward: true\` at it`
    : 'put a host with `forward: true` on both';
  return { message: `${message}: no router joins ${joined(ours, networks)}`, mend: `${mend}; ${literal}` };
}

/** A host that would only have to forward. */
function betweenThem(
  at: Host,
  networks: readonly string[],
  ways: Ways,
  hosts: ReadonlyMap<string, Host>,
): Host | undefined {
  return [...hosts.values()].find(
    (host) =>
      networksOf(host).some((network) => networks.includes(network)) &&
      networksOf(host).some((network) => ways.routers(at.name, network) !== undefined) &&
      host.name !== at.name,
  );
}

/** `office and dmz`, `office or store to dmz` */
function joined(ours: readonly string[], theirs: readonly string[]): string {
  const one = ours.length === 1 && theirs.length === 1;
  return one ? `${ours[0]} and ${theirs[0]}` : `${ours.join(' or ')} to ${theirs.join(' or ')}`;
}
