/** The rules of NATs and firewalls, as lines for a drawing. */
import { showBehaviour } from '../model/nat-kinds.ts';
import type { PlannedFirewall, PlannedNat } from '../model/planned.ts';

/**
 * `nat to internet as 10.50.30.1`, `nat tcp 8080 to web:9000`. `owners` has the host of each address. An address
 * without a host is printed itself.
 */
export function natWords(
  { outside, address, ports, ...behaviour }: PlannedNat,
  interfaces: readonly { name: string; network: string }[],
  owners: ReadonlyMap<string, string>,
): string[] {
  const differs = showBehaviour(behaviour);
  const network = interfaces.find(({ name }) => name === outside)?.network ?? outside;
  return [
    `nat to ${network} as ${address}`,
    ...(differs === undefined ? [] : [`nat ${differs}`]),
    ...ports.map(
      ({ transport, port, to, toPort }) => `nat ${transport} ${port} to ${owners.get(to) ?? to}:${toPort}`,
    ),
  ];
}

/** The rules in the order in which they count, each as its author wrote it. */
export function firewallWords({ deny, reject, allow }: PlannedFirewall): string[] {
  return [
    ...deny.map(({ text }) => `deny ${text}`),
    ...reject.map(({ text }) => `reject ${text}`),
    ...(allow ?? []).map(({ text }) => `allow ${text}`),
    ...(allow ? ['deny the rest'] : []),
  ];
}
