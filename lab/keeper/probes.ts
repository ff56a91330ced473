/**
 * Whether VXLAN's port is open from other nodes to this one. Their datagrams are counted behind the node's own firewall, so no
 * socket is needed: another lab may have the port.
 */
import { createSocket } from 'node:dgram';
import { tool } from '../agent/tool.ts';
import { VXLAN_PORT } from './calls.ts';
import { sourceIs, tableOf } from './shut-out.ts';

/** The header of a VXLAN packet: a flag that says that there is a number, and the number (RFC 7348 section 5). */
function headerWith(number: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x08, 0);
  header.writeUIntBE(number, 4, 3);
  return header;
}

export function probeTableOf(lab: string): string {
  return `${tableOf(lab)}_probe`;
}

export class Probes {
  readonly #table: string;

  constructor(lab: string) {
    this.#table = probeTableOf(lab);
  }

  /** Counts from now on. No addresses: nothing is counted any more. */
  async expect(addresses: readonly string[], number: number): Promise<void> {
    const rules = addresses.map(
      (address) =>
        `${sourceIs(address)} udp dport ${VXLAN_PORT} @th,96,24 ${number} counter comment "${address}"`,
    );
    // A firewall's own priority is 0, and a packet that it drops comes to no later one.
    const hook = 'type filter hook input priority 400; policy accept;';
    const chain = `table inet ${this.#table} {\n chain heard {\n  ${[hook, ...rules].join('\n  ')}\n }\n}\n`;
    const renewed = `table inet ${this.#table}\ndelete table inet ${this.#table}\n`;
    await tool(['nft', '-f', '-'], addresses.length > 0 ? renewed + chain : renewed);
  }

  async send(local: string, addresses: readonly string[], number: number): Promise<void> {
    const socket = createSocket(local.includes(':') ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(0, local, resolve);
      });
      const datagram = headerWith(number);
      // A datagram that its own firewall refuses does not arrive either.
      for (const address of addresses)
        await new Promise<void>((resolve) => socket.send(datagram, VXLAN_PORT, address, () => resolve()));
    } finally {
      socket.close();
    }
  }

  /** The addresses from which a datagram has come. */
  async heard(): Promise<string[]> {
    const { nftables } = JSON.parse(await tool(['nft', '-j', 'list', 'table', 'inet', this.#table])) as {
      nftables: { rule?: { comment?: string; expr: { counter?: { packets: number } }[] } }[];
    };
    return nftables.flatMap(({ rule }) => {
      const came = rule?.expr.some(({ counter }) => counter !== undefined && counter.packets > 0);
      return came && rule?.comment !== undefined ? [rule.comment] : [];
    });
  }
}
