/** The MACs with which a host speaks on one of its cards: the card's own, and those of devices behind it in the host. */
import { readdirSync, readFileSync } from 'node:fs';

const DEVICES = '/sys/class/net';
/** The cable's ends, loopback and the host's other cards send nothing on this one. */
const OTHERS = /^(lo|(eth|wire|away|patch|turn|back|exit|left|entry|come)\d+)$/;

/** The size of an entry in a bridge's table (linux/if_bridge.h, struct __fdb_entry), and the offsets of its fields, in octets. */
const ENTRY = { size: 16, mac: 6, port: 6, isLocal: 7, portHigh: 12 };

/** In lower case. A device that has gone meanwhile has none. No process is started for it. */
export function macsOn(card: string): string[] {
  const others = readdirSync(DEVICES).filter((name) => !OTHERS.test(name));
  const own = [card, ...others].map((name) => told(`${name}/address`).toString('latin1').trim());
  return [...new Set([...own, ...behindBridge(card)])].filter((mac) => mac !== '');
}

/** The MACs that were heard on the other ports, where the card is a port of a bridge of the host. */
function behindBridge(card: string): string[] {
  const port = told(`${card}/brport/port_no`).toString('latin1');
  if (port === '') return [];
  const table = told(`${card}/brport/bridge/brforward`);
  const entries = Array.from({ length: Math.floor(table.length / ENTRY.size) }, (_, index) =>
    table.subarray(index * ENTRY.size, (index + 1) * ENTRY.size),
  );
  return entries.filter((entry) => isElsewhere(entry, Number(port))).map(macOf);
}

function isElsewhere(entry: Buffer, port: number): boolean {
  return entry[ENTRY.isLocal] === 0 && entry[ENTRY.port]! + 256 * entry[ENTRY.portHigh]! !== port;
}

function macOf(entry: Buffer): string {
  return entry.subarray(0, ENTRY.mac).toString('hex').match(/../g)!.join(':');
}

/** Empty where the device has gone, or has no such thing. */
function told(what: string): Buffer {
  try {
    return readFileSync(`${DEVICES}/${what}`);
  } catch {
    return Buffer.alloc(0);
  }
}
