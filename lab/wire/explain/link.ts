/** The fields of Ethernet, its tags and ARP. */

import { BROADCAST_MAC } from '../address.ts';
import { ARP_AT } from '../arp.ts';
import { ARP_REPLY, ARP_REQUEST, arpWord } from '../arp-words.ts';
import {
  ETHERNET_AT,
  ethernetType,
  ethernetWord,
  FIRST_TYPE,
  TYPE_ARP,
  TYPE_IPV4,
  TYPE_IPV6,
} from '../ethernet.ts';
import type { Arp, Ethernet, Frame, Vlan } from '../frame.ts';
import { uint16 } from '../integer.ts';
import type { Names } from '../names.ts';
import { TYPE_PROVIDER_VLAN, TYPE_VLAN, VLAN_AT } from '../vlan.ts';
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
    field('destination', start + ETHERNET_AT.destination, 6, destination, macNote(destination, names)),
    field('source', start + ETHERNET_AT.source, 6, source, macNote(source, names)),
    typeField(start + ETHERNET_AT.type, ethernetType(frame.bytes)),
  ];
}

export function explainVlan({ start, priority, dropEligible, id, type }: Vlan): ExplainedField[] {
  return [
    field('priority', start + VLAN_AT.control, 1, priority),
    field('drop eligible', start + VLAN_AT.control, 1, dropEligible ? 'yes' : 'no'),
    field('id', start + VLAN_AT.control, 2, id),
    typeField(start + VLAN_AT.type, type),
  ];
}

export function explainArp({ bytes }: Frame, arp: Arp, names: Names): ExplainedField[] {
  const { start, operation, senderMac, senderAddress, targetMac, targetAddress } = arp;
  return [
    field('hardware', start + ARP_AT.hardware, 2, uint16(bytes, start), 'Ethernet'),
    field('protocol', start + ARP_AT.protocol, 2, hex(uint16(bytes, start + ARP_AT.protocol)), 'IPv4'),
    field('hardware address length', start + ARP_AT.hardwareLength, 1, bytes[start + ARP_AT.hardwareLength]!),
    field('protocol address length', start + ARP_AT.protocolLength, 1, bytes[start + ARP_AT.protocolLength]!),
    field('operation', start + ARP_AT.operation, 2, operation, operationNote(operation)),
    field('sender MAC', start + ARP_AT.senderMac, 6, senderMac, macNote(senderMac, names)),
    field('sender address', start + ARP_AT.senderAddress, 4, senderAddress, names.host(senderAddress)),
    field('target MAC', start + ARP_AT.targetMac, 6, targetMac, macNote(targetMac, names)),
    field('target address', start + ARP_AT.targetAddress, 4, targetAddress, names.host(targetAddress)),
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
