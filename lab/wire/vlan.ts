/** IEEE 802.1Q tags: after the type that announces one come priority, drop eligible, id, and the next type. */
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const VLAN_AT = {
  control: 0,
  type: 2,
  end: 4,
} as const;

export const TYPE_VLAN = 0x8100;
/** IEEE 802.1ad, the provider's outer tag. */
export const TYPE_PROVIDER_VLAN = 0x88a8;
/** The type that some switches sent before 802.1ad. */
const TYPE_OLD_PROVIDER_VLAN = 0x9100;

export function isTag(type: number): boolean {
  return type === TYPE_VLAN || type === TYPE_PROVIDER_VLAN || type === TYPE_OLD_PROVIDER_VLAN;
}

export class Vlan implements Header {
  readonly kind = 'vlan';
  readonly start: number;
  readonly end: number;
  readonly id: number;
  readonly priority: number;
  readonly dropEligible: boolean;
  readonly type: number;

  constructor(bytes: Uint8Array, start: number) {
    const control = uint16(bytes, start + VLAN_AT.control);
    this.start = start;
    this.end = start + VLAN_AT.end;
    this.id = control & 0xfff;
    this.priority = control >>> 13;
    this.dropEligible = (control & 0x1000) !== 0;
    this.type = uint16(bytes, start + VLAN_AT.type);
  }
}

export function openVlan(bytes: Uint8Array, start: number): Vlan | Trouble {
  if (bytes.length < start + VLAN_AT.end) return short('vlan', start, VLAN_AT.end, bytes.length);
  return new Vlan(bytes, start);
}
