/**
 * A frame while its layers are being read, and afterwards. It has the layers that are whole, the end of its content on
 * the wire, and the first missing part that was found.
 */
import type { Arp } from './arp.ts';
import type { Ethernet } from './ethernet.ts';
import type { Frame, Layer, Link, Trouble, Vlan } from './frame.ts';
import type { Icmp } from './icmp.ts';
import type { Icmpv6 } from './icmpv6.ts';
import type { Igmp } from './igmp.ts';
import type { Ipv4 } from './ipv4.ts';
import type { Ipv6 } from './ipv6.ts';
import type { Tcp } from './tcp.ts';
import { broken } from './trouble.ts';
import type { Udp } from './udp.ts';

const NO_TAGS: readonly Vlan[] = [];
const NO_LINKS: readonly Link[] = [];

export class DecodedFrame implements Frame {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly linkType: number;
  ethernet?: Ethernet;
  vlans: readonly Vlan[] = NO_TAGS;
  links: readonly Link[] = NO_LINKS;
  arp?: Arp;
  ipv4?: Ipv4;
  ipv6?: Ipv6;
  ip?: Ipv4 | Ipv6;
  icmp?: Icmp;
  icmpv6?: Icmpv6;
  igmp?: Igmp;
  udp?: Udp;
  tcp?: Tcp;
  payload: { start: number; end: number };
  /** The end of the content of the layers read so far, on the wire: without padding, but with bytes that were cut off. */
  private limit: number;
  /** The trouble that stopped the reading. */
  private stopped: Trouble | undefined = undefined;
  private list: readonly Layer[] | undefined = undefined;

  constructor(bytes: Uint8Array, length: number, linkType: number) {
    this.bytes = bytes;
    this.length = Math.max(length, bytes.length);
    this.linkType = linkType;
    this.payload = { start: 0, end: bytes.length };
    this.limit = this.length;
  }

  get layers(): readonly Layer[] {
    this.list ??= layersOf(this);
    return this.list;
  }

  get carried(): number {
    return Math.max(0, this.limit - this.payload.start);
  }

  /** Broken options are found when somebody asks. */
  get trouble(): Trouble | undefined {
    const { ipv4, tcp, icmpv6, igmp } = this;
    return this.stopped ?? ipv4?.trouble ?? (tcp ?? icmpv6 ?? igmp)?.trouble ?? this.cut();
  }

  /** Only the first trouble is kept. */
  stop(trouble: Trouble): void {
    if (this.stopped !== undefined) return;
    const cut = trouble.at >= this.bytes.length ? this.cut() : undefined;
    const missing = cut === undefined ? trouble.missing : `${trouble.missing}; ${cut.missing}`;
    this.stopped = { ...trouble, missing };
  }

  /** The end of the captured bytes of the content. */
  get end(): number {
    return Math.min(this.limit, this.bytes.length);
  }

  /** Sets the payload after the last header: it begins at `start`. */
  carriesFrom(start: number): void {
    this.payload.start = start;
    this.payload.end = Math.max(start, this.end);
  }

  /** A layer gives the length of its content, which begins at `start`. A frame that is too short gets a trouble. */
  carries(layer: string, start: number, length: number): void {
    const there = this.limit - start;
    if (length > there) {
      this.stop(broken(layer, this.end, `it says ${length} bytes, ${Math.max(0, there)} are there`));
    } else this.limit = start + length;
  }

  /** The last `length` bytes of the frame are not content. */
  endsWith(length: number): void {
    this.limit = Math.max(0, this.limit - length);
  }

  link(link: Link): void {
    this.links = [...this.links, link];
  }

  /** Undefined where the capture kept all content that the headers give: padding may be absent. */
  private cut(): Trouble | undefined {
    const { bytes, length } = this;
    if (bytes.length >= this.limit) return undefined;
    return broken('frame', bytes.length, `cut short: the capture kept ${bytes.length} of ${length} bytes`);
  }
}

function layersOf(frame: DecodedFrame): Layer[] {
  const { ethernet, vlans, links, arp, ip, ipv6, icmp, icmpv6, igmp, udp, tcp } = frame;
  const below = [ethernet, ...vlans, ...links].filter((layer) => layer !== undefined);
  if (links.length > 0) below.sort((a, b) => a.start - b.start);
  const all = [...below, arp, ip, ...(ipv6?.extensions ?? []), icmp, icmpv6, igmp, udp, tcp];
  return all.filter((layer) => layer !== undefined);
}
