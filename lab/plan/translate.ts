/** `nat:` and the rules of a firewall with literal addresses in place of names, as agents set them. Pure. */
import { LabError } from '../errors.ts';
import { ownersOf } from '../model/follow-routes.ts';
import {
  addressOf,
  type PlannedFirewall,
  type PlannedHost,
  type PlannedNat,
  type PlannedRule,
} from '../model/planned.ts';
import type { Firewall, FirewallRule, Host, PortForward } from '../model/types.ts';
import type { End } from '../wire/lines/line.ts';
import { nearestAddress } from './resolve.ts';

/** Fills in what every host translates and lets through; routes are worked out before. */
export function fillRules(planned: PlannedHost[], hosts: readonly Host[]): void {
  for (const [index, { nat, firewall }] of hosts.entries()) {
    const host = planned[index]!;
    if (nat) {
      const card = host.interfaces.find(({ network }) => network === nat.outside)!;
      const ports = nat.ports.map((one) => planPort(host, one, planned));
      const address = addressOf(card, 'ipv4')!.address;
      host.nat = { ...nat, outside: card.name, address, ports } satisfies PlannedNat;
    }
    if (firewall) host.firewall = planFirewall(firewall, planned);
  }
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

function planFirewall({ allow, deny, reject }: Firewall, all: readonly PlannedHost[]): PlannedFirewall {
  const plan = (rules: readonly FirewallRule[]) => rules.map((one) => planRule(one, all));
  return { deny: plan(deny), reject: plan(reject), ...(allow && { allow: plan(allow) }) };
}

function planRule(
  { text, protocol, source, destination }: FirewallRule,
  all: readonly PlannedHost[],
): PlannedRule {
  const [from, to] = [addressesOf(source, all), addressesOf(destination, all)];
  return {
    text,
    protocol,
    from,
    to,
    ...(source.port !== undefined && { fromPort: source.port }),
    ...(destination.port !== undefined && { toPort: destination.port }),
  };
}

/** None: anybody. */
function addressesOf({ party }: End, all: readonly PlannedHost[]): string[] {
  if (party.kind === 'address') return [party.address];
  if (party.kind !== 'host') return [];
  const { host, network } = party;
  const cards = all.find(({ name }) => name === host)?.interfaces ?? [];
  return cards
    .filter((one) => network === undefined || one.network === network)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
}
