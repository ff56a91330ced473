/** The fields of links other than Ethernet: loopback, cooked, 802.11, LLC, STP, PPP. */
import type { Cooked, Frame, Link, Llc, Pppoe, Stp, Wireless } from '../frame.ts';
import { uint16 } from '../integer.ts';
import { COOKED_AT } from '../links/cooked.ts';
import { LLC_AT, llcWord } from '../links/llc.ts';
import { PPPOE_AT, pppoeWord, pppWord } from '../links/ppp.ts';
import { STP_AT } from '../links/stp.ts';
import { wirelessWord } from '../links/wireless.ts';
import type { Names } from '../names.ts';
import { type ExplainedField, field, hex } from './field.ts';
import { macNote, typeField } from './link.ts';

export function explainOtherLink(frame: Frame, link: Link, names: Names): ExplainedField[] {
  const { start, end } = link;
  switch (link.kind) {
    case 'loopback':
      return [field('address family', start, 4, link.family)];
    case 'cooked':
      return explainCooked(link, names);
    case 'radiotap':
      return [
        field('length', start + 2, 2, end - start),
        field('fields', start + 4, end - start - 4, `${end - start - 4} bytes`),
      ];
    case 'wireless':
      return explainWireless(link, names);
    case 'llc':
      return explainLlc(link);
    case 'stp':
      return explainStp(frame, link);
    case 'pppoe':
      return explainPppoe(link);
    case 'ppp':
      return [field('protocol', start, end - start, hex(link.protocol), pppWord(link))];
    default:
      return link satisfies never;
  }
}

const PACKET_TYPES = ['to this host', 'broadcast', 'multicast', 'to another host', 'sent by this host'];

/** Version 2 has the same fields in another order. */
function explainCooked(cooked: Cooked, names: Names): ExplainedField[] {
  const { start, version, packetType, hardware, source, protocol, interfaceIndex } = cooked;
  const at = COOKED_AT[version];
  const sender =
    source === undefined ? [] : [field('source', start + at.source, 6, source, macNote(source, names))];
  const index =
    interfaceIndex === undefined
      ? []
      : [field('interface', start + COOKED_AT[2].interfaceIndex, 4, interfaceIndex)];
  return [
    field('packet type', start + at.packetType, version === 1 ? 2 : 1, packetType, PACKET_TYPES[packetType]),
    field('hardware', start + at.hardware, 2, hardware),
    ...sender,
    ...index,
    typeField(start + at.protocol, protocol),
  ];
}

function explainWireless(wireless: Wireless, names: Names): ExplainedField[] {
  const { start, end, type, subtype, source, destination } = wireless;
  const note = (mac: string) => macNote(mac, names);
  const addresses = [
    ...(destination === undefined
      ? []
      : [field('for', start + 4, end - start - 4, destination, note(destination))]),
    ...(source === undefined ? [] : [field('from', start + 4, end - start - 4, source, note(source))]),
  ];
  return [
    field('type', start, 1, type, wirelessWord(wireless)),
    field('subtype', start, 1, subtype),
    field('encrypted', start + 1, 1, wireless.encrypted ? 'yes' : 'no'),
    ...addresses,
  ];
}

function explainLlc(llc: Llc): ExplainedField[] {
  const { start, end, dsap, ssap, control, oui, protocol } = llc;
  const sizes = oui === undefined ? end - start - 2 : 1;
  return [
    field('DSAP', start + LLC_AT.dsap, 1, hex(dsap, 2), oui === undefined ? llcWord(llc) : 'SNAP'),
    field('SSAP', start + LLC_AT.ssap, 1, hex(ssap, 2)),
    field('control', start + LLC_AT.control, sizes, hex(control, 2)),
    ...(oui === undefined ? [] : [field('organisation', start + LLC_AT.oui, 3, hex(oui, 6))]),
    ...(oui === undefined || protocol === undefined ? [] : [typeField(start + LLC_AT.protocol, protocol)]),
  ];
}

function explainStp({ bytes }: Frame, stp: Stp): ExplainedField[] {
  const { start, version, bpdu, root, cost, bridge, port } = stp;
  const fields = [
    field('protocol', start + STP_AT.protocol, 2, uint16(bytes, start + STP_AT.protocol)),
    field('version', start + STP_AT.version, 1, version),
    field('type', start + STP_AT.type, 1, bpdu),
  ];
  if (root === undefined || cost === undefined || bridge === undefined || port === undefined) return fields;
  return [
    ...fields,
    field('root', start + STP_AT.root, 8, root),
    field('cost to the root', start + STP_AT.cost, 4, cost),
    field('bridge', start + STP_AT.bridge, 8, bridge),
    field('port', start + STP_AT.port, 2, hex(port)),
  ];
}

function explainPppoe(pppoe: Pppoe): ExplainedField[] {
  const { start, code, session, length } = pppoe;
  return [
    field('version and type', start + PPPOE_AT.version, 1, '0x11'),
    field('code', start + PPPOE_AT.code, 1, hex(code, 2), pppoeWord(pppoe)),
    field('session', start + PPPOE_AT.session, 2, session),
    field('length', start + PPPOE_AT.length, 2, length),
  ];
}
