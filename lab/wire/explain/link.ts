/** The fields of Ethernet, its tags and ARP. */
import { BROADCAST_MAC } from '../address.ts';
import { ARP_REPLY, ARP_REQUEST, arpWord } from '../arp-words.ts';
import { ethernetType, ethernetWord, FIRST_TYPE, TYPE_ARP, TYPE_IPV4, TYPE_IPV6 } from '../ethernet.ts';
import type { Arp, Ethernet, Frame, Vlan } from '../frame.ts';
import { uint16 } from '../integer.ts';
import type { Names } from '../names.ts';
import { TYPE_PROVIDER_VLAN, TYPE_VLAN } from '../vlan.ts';
import { type ExplainedField, field, hex } from './field.ts';

const TYPES: ReadonlyMap<number, string> = new Map([
  [TYPE_IPV4, 'IPv4'],
  [TYPE_ARP, 'ARP'],
  [TYPE_IPV6, 'IPv6'],
  [TYPE_VLAN, 'a tag of 802.1Q'],
  [TYPE_PROVIDER_VLAN, 'a tag of 802.1ad'],
]);

export function explainEthernet(frame: Frame, layer: Ethernet, names: Names): ExplainedField[] {
  const { start, destination, source } = layer;
  return [
    field('destination', start, 6, destination, macNote(destination, names)),
    field('source', start + 6, 6, source, macNote(source, names)),
    typeField(start + 12, ethernetType(frame.bytes)),
  ];
}

export function explainVlan({ start, priority, dropEligible, id, type }: Vlan): ExplainedField[] {
  return [
    field('priority', start, 1, priority),
    field('drop eligible', start, 1, dropEligible ? 'yes' : 'no'),
    field('id', start, 2, id),
    typeField(start + 2, type),
  ];
}

export function explainArp({ bytes }: Frame, arp: Arp, names: Names): ExplainedField[] {
  const { start, operation, senderMac, senderAddress, targetMac, targetAddress } = arp;
  return [
    field('hardware', start, 2, uint16(bytes, start), 'Ethernet'),
    field('protocol', start + 2, 2, hex(uint16(bytes, start + 2)), 'IPv4'),
    field('hardware address length', start + 4, 1, bytes[start + 4]!),
    field('protocol address length', start + 5, 1, bytes[start + 5]!),
    field('operation', start + 6, 2, operation, operationNote(operation)),
    field('sender MAC', start + 8, 6, senderMac, macNote(senderMac, names)),
    field('sender address', start + 14, 4, senderAddress, names.host(senderAddress)),
    field('target MAC', start + 18, 6, targetMac, macNote(targetMac, names)),
    field('target address', start + 24, 4, targetAddress, names.host(targetAddress)),
  ];
}

function operationNote(operation: number): string {
  if (operation === ARP_REQUEST) return 'who has the target address?';
  return operation === ARP_REPLY ? 'the sender has its address' : arpWord(operation);
}

export function typeField(at: number, type: number): ExplainedField {
  if (type < FIRST_TYPE) return field('length', at, 2, type);
  return field('type', at, 2, hex(type), TYPES.get(type) ?? ethernetWord(type));
}

export function macNote(mac: string, names: Names): string | undefined {
  return mac === BROADCAST_MAC ? 'broadcast' : names.card(mac);
}
