/** Ethernet headers to bytes; lab/wire/ethernet.ts reads them. */
import { macBytes } from '../../../lab/wire/address.ts';
import { ETHERNET_AT } from '../../../lab/wire/ethernet.ts';
import { putUint16 } from './integer.ts';

export interface EthernetFields {
  destination: string;
  source: string;
  /** Worked out from what follows unless given. */
  type?: number;
}

export function encodeEthernet(fields: EthernetFields, type: number): Uint8Array {
  const bytes = new Uint8Array(ETHERNET_AT.end);
  bytes.set(macBytes(fields.destination), ETHERNET_AT.destination);
  bytes.set(macBytes(fields.source), ETHERNET_AT.source);
  putUint16(bytes, ETHERNET_AT.type, type);
  return bytes;
}
