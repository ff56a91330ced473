/** Tags of IEEE 802.1Q to bytes; lab/wire/vlan.ts reads them. */
import { VLAN_AT } from '../../../lab/wire/vlan.ts';
import { putUint16 } from './integer.ts';

export interface VlanFields {
  id: number;
  priority?: number;
  dropEligible?: boolean;
  /** The type that announces this tag: 0x8100 unless given. */
  tag?: number;
}

/** `type` is that of what follows the tag. */
export function encodeVlan(fields: VlanFields, type: number): Uint8Array {
  const bytes = new Uint8Array(VLAN_AT.end);
  const eligible = fields.dropEligible === true ? 0x1000 : 0;
  putUint16(bytes, VLAN_AT.control, ((fields.priority ?? 0) << 13) | eligible | (fields.id & 0xfff));
  putUint16(bytes, VLAN_AT.type, type);
  return bytes;
}
