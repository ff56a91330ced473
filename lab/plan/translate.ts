/** `nat:` and the rules of a firewall with literal addresses in place of names, for the agents. Pure. */
import { LabError } from '../errors.ts';
import { ownersOf } from '../model/follow-routes.ts';
import {
  addressOf,
  type PlannedFirewall,
  type PlannedHost,
  type PlannedNat,
  type PlannedNetwork,
  type PlannedRule,
} from '../model/planned.ts';
import type { Firewall, FirewallRule, Host, PortForward, RuleEnd } from '../model/types.ts';
import { nearestAddress } from './resolve.ts';

/** Fills in the NAT and the firewall of every host. The routes are already worked out. */
export function fillRules(
  planned: PlannedHost[],
  hosts: readonly Host[],
  networks: readonly PlannedNetwork[],
): void {
  for (const [index, { nat, firewall }] of hosts.entries()) {
    const host = planned[index]!;
    if (nat) {
      const card = host.interfaces.find(({ network }) => network === nat.outside)!;
      const ports = nat.ports.map((one) => planPort(host, one, planned));
      const address = addressOf(card, 'ipv4')!.address;
      const answers = (nat.answers || servesOutside(host, nat.outside, planned, networks)) && {
        answers: true as const,
      };
      host.nat = { ...nat, ...answers, outside: card.name, address, ports } satisfies PlannedNat;
    }
    if (firewall) host.firewall = planFirewall(firewall, host, planned, networks);
  }
}

/** Whether a router hands out addresses or names outside, or to a relay that reaches it from there: then it answers. */
function servesOutside(
  host: PlannedHost,
  outside: string,
  all: readonly PlannedHost[],
  networks: readonly PlannedNetwork[],
): boolean {
  const inside = networksOf(host).filter((network) => network !== outside);
  return networks.some(({ name, dhcp, dns }) => {
    if (name === outside && [dhcp?.by, dhcp?.relay, dns].includes(host.name)) return true;
    if (dhcp?.relay === undefined || dhcp.by !== host.name) return false;
    const relay = all.find((one) => one.name === dhcp.relay)!;
    return !networksOf(relay).some((network) => inside.includes(network));
  });
}

function networksOf({ interfaces }: PlannedHost): string[] {
  return interfaces.map(({ network }) => network);
}

function planPort(
  router: PlannedHost,
  { transport, port, to, toPort }: PortForward,
  all: readonly PlannedHost[],
): PlannedNat['ports'][number] {
  if (to.kind === 'address') return { transport, port, to: to.address, toPort };
  const peer = to.kind === 'host' ? all.find(({ name }) => name === to.host) : undefined;
  const network = to.kind === 'host' && to.network !== undefined ? { network: to.network } : {};
  const found = peer && nearestAddress(router, peer, ownersOf(all), { ...network, family: 'ipv4' });
  if (!found) throw new LabError('scenario', `port ${port} of \`${router.name}\` leads to nobody`);
  return { transport, port, to: found.address, toPort };
}

function planFirewall(
  { allow, deny, reject }: Firewall,
  host: PlannedHost,
  all: readonly PlannedHost[],
  networks: readonly PlannedNetwork[],
): PlannedFirewall {
  const plan = (rules: readonly FirewallRule[]) => rules.map((one) => planRule(one, host, all, networks));
  return { deny: plan(deny), reject: plan(reject), ...(allow && { allow: plan(allow) }) };
}

function planRule(
  { text, protocol, message, source, destination }: FirewallRule,
  host: PlannedHost,
  all: readonly PlannedHost[],
  networks: readonly PlannedNetwork[],
): PlannedRule {
  const [from, to] = [addressesOf(source, all, networks), addressesOf(destination, all, networks)];
  const own = host.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  return {
    text,
    protocol,
    ...(message && { message }),
    ...(host.forward && to.length > 0 && to.every((one) => own.includes(one)) && { itself: true }),
    from,
    to,
    ...(source.ports && { fromPorts: source.ports }),
    ...(destination.ports && { toPorts: destination.ports }),
  };
}

/** The addresses of a rule's end; empty: all. */
function addressesOf(
  { party }: RuleEnd,
  all: readonly PlannedHost[],
  networks: readonly PlannedNetwork[],
): string[] {
  if (party.kind === 'address') return [party.address];
  if (party.kind === 'subnet') return [party.subnet];
  if (party.kind !== 'host') return [];
  const { host, network } = party;
  const cards = all.find(({ name }) => name === host)?.interfaces;
  if (!cards) {
    const meant = networks.find(({ name }) => name === host);
    return meant?.subnets.map(({ subnet }) => subnet) ?? [];
  }
  return cards
    .filter((one) => network === undefined || one.network === network)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
}
