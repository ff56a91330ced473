/** IEEE 802.1Q tags: after the type that announces one come priority, drop eligible, id, and the next type. */
import type { Trouble, Vlan } from './frame.ts';
import { putUint16, uint16 } from './integer.ts';
import { short } from './trouble.ts';

const CONTROL = 0;
const TYPE = 2;
const LENGTH = 4;

export const TYPE_VLAN = 0x8100;
/** IEEE 802.1ad, the provider's outer tag. */
export const TYPE_PROVIDER_VLAN = 0x88a8;
/** What some switches sent before 802.1ad. */
const TYPE_OLD_PROVIDER_VLAN = 0x9100;

export function isTag(type: number): boolean {
  return type === TYPE_VLAN || type === TYPE_PROVIDER_VLAN || type === TYPE_OLD_PROVIDER_VLAN;
}

export class VlanTag implements Vlan {
  readonly kind = 'vlan';
  readonly start: number;
  readonly end: number;
  readonly id: number;
  readonly priority: number;
  readonly dropEligible: boolean;
  readonly type: number;

  constructor(bytes: Uint8Array, start: number) {
    const control = uint16(bytes, start + CONTROL);
    this.start = start;
    this.end = start + LENGTH;
    this.id = control & 0xfff;
    this.priority = control >>> 13;
    this.dropEligible = (control & 0x1000) !== 0;
    this.type = uint16(bytes, start + TYPE);
  }
}

export function openVlan(bytes: Uint8Array, start: number): VlanTag | Trouble {
  if (bytes.length < start + LENGTH) return short('vlan', start, LENGTH, bytes.length);
  return new VlanTag(bytes, start);
}

export interface VlanFields {
  id: number;
  priority?: number;
  dropEligible?: boolean;
  /** The type that announces this tag: 0x8100 unless given. */
  tag?: number;
}

/** `type` is that of what follows the tag. */
export function encodeVlan(fields: VlanFields, type: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  const eligible = fields.dropEligible === true ? 0x1000 : 0;
  putUint16(bytes, CONTROL, ((fields.priority ?? 0) << 13) | eligible | (fields.id & 0xfff));
  putUint16(bytes, TYPE, type);
  return bytes;
}
