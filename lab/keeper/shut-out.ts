/** The rules by which a node loses a lab's frames of other nodes, in a table of nftables that goes with the lab. */
import { tool } from '../agent/tool.ts';
import { VXLAN_PORT } from './calls.ts';

/** With the id of a lab in its name: a machine may have other tables of lanlab, if it is a host itself. */
const TABLE = /^table inet (lanlab_\w+_[0-9a-f]{8}(?:_probe)?)$/gm;

/** A name of nftables has no hyphens. */
export function tableOf(lab: string): string {
  return `lanlab_${lab.replaceAll('-', '_')}`;
}

/** The match of nftables for the sender of a packet. */
export function sourceIs(address: string): string {
  return `${address.includes(':') ? 'ip6' : 'ip'} saddr ${address}`;
}

/**
 * Datagrams of VXLAN from these addresses with these network numbers. The number stands 4 bytes behind the UDP header (RFC 7348
 * section 5), so at 96 bits from its beginning. Other labs have other numbers.
 */
export function compileShutOut(
  lab: string,
  addresses: readonly string[],
  numbers: readonly number[],
): string {
  const table = tableOf(lab);
  const renewed = `table inet ${table}\ndelete table inet ${table}\n`;
  if (addresses.length === 0 || numbers.length === 0) return renewed;
  const rules = addresses.map((address) => {
    return `${sourceIs(address)} udp dport ${VXLAN_PORT} @th,96,24 { ${numbers.join(', ')} } counter drop`;
  });
  const hook = 'type filter hook input priority raw; policy accept;';
  return `${renewed}table inet ${table} {\n chain lost {\n  ${[hook, ...rules].join('\n  ')}\n }\n}\n`;
}

export async function shutOut(
  lab: string,
  addresses: readonly string[],
  numbers: readonly number[],
): Promise<void> {
  await tool(['nft', '-f', '-'], compileShutOut(lab, addresses, numbers));
}

/** Removes the tables of labs that have ended. `livingLabs` is asked after the tables. */
export async function sweepTables(livingLabs: () => Promise<string[]>): Promise<void> {
  const tables = tablesOfLabs(await tool(['nft', 'list', 'tables']));
  if (tables.length === 0) return;
  const living = (await livingLabs()).map(tableOf);
  for (const table of tables)
    if (!living.some((one) => table.startsWith(one)))
      await tool(['nft', 'delete', 'table', 'inet', table]).catch(() => {});
}

/** Of what `nft list tables` prints. */
export function tablesOfLabs(listing: string): string[] {
  return [...listing.matchAll(TABLE)].map(([, table]) => table!);
}
