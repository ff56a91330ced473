/** What a router does to addresses, and what a host lets pass and stops, as lines that stand in a drawing. */
import { showBehaviour } from '../model/nat-kinds.ts';
import type { PlannedFirewall, PlannedNat } from '../model/planned.ts';

/**
 * `nat to internet as 10.50.30.1`, `nat tcp 8080 to web:9000`. `owners`: whose an address is; an address that is
 * nobody's stands for itself.
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

/** In the order in which they are asked; each as its author wrote it. */
export function firewallWords({ deny, reject, allow }: PlannedFirewall): string[] {
  return [
    ...deny.map(({ text }) => `deny ${text}`),
    ...reject.map(({ text }) => `reject ${text}`),
    ...(allow ?? []).map(({ text }) => `allow ${text}`),
    ...(allow ? ['deny the rest'] : []),
  ];
}
