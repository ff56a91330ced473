/** A plan's networks and cards as `ip -batch` lines: a bridge a network, a veth pair a card. Pure. */
import type { Plan } from '../../scenario/planned.ts';

/** Named network namespaces, one a host. */
export function namespaceLines(plan: Plan): string[] {
  return plan.hosts.map(({ name }) => `netns add ${name}`);
}

/** Bridges and cables, in the lab's own namespace: the machine's bridges and firewall have no part in it. */
export function cableLines(plan: Plan): string[] {
  const bridge = new Map(plan.networks.map(({ name }, index) => [name, `br${index}`]));
  const bridges = [...bridge.values()].flatMap((name) => [
    `link add name ${name} type bridge mcast_snooping 0`,
    `link set ${name} up`,
  ]);
  const cards = plan.hosts.flatMap(({ name, interfaces }) =>
    interfaces.map((card, index) => ({ name, card, index })),
  );
  const cables = cards.flatMap(({ name, card, index }, port) => [
    `link add name port${port} type veth peer name card${index} address ${card.mac} netns ${name}`,
    `link set port${port} master ${bridge.get(card.network)} up`,
  ]);
  return [...bridges, ...cables];
}
