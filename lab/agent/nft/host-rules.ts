/** The NAT and the firewall of a host, in nftables tables of our own. The tables of an engine or a program are not touched. */

import type { HostSetup } from '../protocol.ts';
import { tool } from '../tool.ts';
import { compileFirewall, FILTER_TABLE } from './firewall.ts';
import { compileNat, NAT_TABLE } from './nat.ts';

/** Both tables as one transaction; empty where there is nothing to set. */
export function compileRules({
  nat,
  firewall,
  sysctls,
}: Pick<HostSetup, 'nat' | 'firewall' | 'sysctls'>): string {
  const forward = sysctls['net.ipv4.ip_forward'] === '1';
  const ipv6 = sysctls['net.ipv6.conf.all.disable_ipv6'] === '0';
  return [
    ...(nat ? table(NAT_TABLE, compileNat(nat)) : []),
    ...(nat || firewall ? table(FILTER_TABLE, compileFirewall(firewall, nat, { forward, ipv6 })) : []),
  ].join('\n');
}

function table(name: string, lines: readonly string[]): string[] {
  return [
    `table ${name}`,
    `delete table ${name}`,
    `table ${name} {`,
    ...lines.map((line) => `  ${line}`),
    '}',
    '',
  ];
}

export async function setRules(setup: HostSetup): Promise<void> {
  const rules = compileRules(setup);
  if (rules !== '') await tool(['nft', '-f', '-'], rules);
}
