/** From the first byte of a frame, of any link type, to the packet that it carries. */
import { readArp, readIp, readIpv4, readIpv6 } from './decode-packet.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import {
  ETHERNET_AT,
  Ethernet,
  ethernetType,
  FIRST_TYPE,
  shortEthernet,
  TYPE_ARP,
  TYPE_IPV4,
  TYPE_IPV6,
  TYPE_RARP,
} from './ethernet.ts';
import type { Link, Trouble } from './frame.ts';
import { LINK } from './link-types.ts';
import { ARPHRD, openCooked, PROTOCOL_LLC } from './links/cooked.ts';
import { openLlc, SAP_IP, SAP_STP, snapType } from './links/llc.ts';
import { loopbackType, openLoopback } from './links/loopback.ts';
import { openPpp, openPppoe, pppType, TYPE_PPPOE_DISCOVERY, TYPE_PPPOE_SESSION } from './links/ppp.ts';
import { openRadiotap } from './links/radiotap.ts';
import { openStp } from './links/stp.ts';
import { carriesLlc, openWireless } from './links/wireless.ts';
import { isTag, openVlan, type Vlan } from './vlan.ts';

const FCS = 4;

export function readLink(frame: DecodedFrame): Trouble | undefined {
  switch (frame.linkType) {
    case LINK.ethernet:
      return readEthernet(frame);
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenBsd:
      return readIp(frame, 0);
    case LINK.ipv4:
      return readIpv4(frame, 0);
    case LINK.ipv6:
      return readIpv6(frame, 0);
    case LINK.null:
    case LINK.loop:
      return readLoopback(frame);
    case LINK.cooked:
      return readCooked(frame, 1);
    case LINK.cooked2:
      return readCooked(frame, 2);
    case LINK.wireless:
      return readWireless(frame, 0, false);
    case LINK.radiotap:
      return readRadiotap(frame, 0);
    case LINK.ppp:
    case LINK.pppHdlc:
      return readPpp(frame, 0);
    case LINK.pppEther:
      return readPppoe(frame, 0);
    default:
      return undefined;
  }
}

/** Adds the header to the frame. The bytes after it are the payload so far. */
function add(frame: DecodedFrame, link: Link): void {
  frame.link(link);
  frame.carriesFrom(link.end);
}

function readEthernet(frame: DecodedFrame): Trouble | undefined {
  const { bytes } = frame;
  const trouble = shortEthernet(bytes);
  if (trouble !== undefined) return trouble;
  const outer = ethernetType(bytes);
  if (isTag(outer)) return readTagged(frame, outer);
  const ethernet = new Ethernet(bytes, 0, outer);
  frame.ethernet = ethernet;
  return readCarried(frame, outer, ethernet.end);
}

function readTagged(frame: DecodedFrame, outer: number): Trouble | undefined {
  const { type, at } = readTags(frame, outer, ETHERNET_AT.end);
  frame.ethernet = new Ethernet(frame.bytes, 0, type);
  return readCarried(frame, type, at);
}

/** Adds the tags that begin at `start` to the frame. Returns the type after them, and where its content begins. */
function readTags(frame: DecodedFrame, outer: number, start: number): { type: number; at: number } {
  const tags: Vlan[] = [];
  let type = outer;
  let at = start;
  while (isTag(type)) {
    const tag = openVlan(frame.bytes, at);
    if (!('kind' in tag)) {
      frame.stop(tag);
      break;
    }
    tags.push(tag);
    type = tag.type;
    at = tag.end;
  }
  frame.vlans = tags;
  return { type, at };
}

/** Reads the bytes from `start`, by their Ethernet type, or the length in place of a type. */
function readCarried(frame: DecodedFrame, type: number, start: number): Trouble | undefined {
  frame.carriesFrom(start);
  if (type === TYPE_IPV4) return readIpv4(frame, start);
  if (type === TYPE_IPV6) return readIpv6(frame, start);
  if (type === TYPE_ARP || type === TYPE_RARP) return readArp(frame, start);
  if (type === TYPE_PPPOE_SESSION || type === TYPE_PPPOE_DISCOVERY) return readPppoe(frame, start);
  if (type >= FIRST_TYPE || isTag(type)) return undefined;
  frame.carries('ethernet', start, type);
  frame.carriesFrom(start);
  return readLlc(frame, start);
}

/** The same after a link that may have tags after it. */
function readTyped(frame: DecodedFrame, type: number, start: number): Trouble | undefined {
  if (!isTag(type)) return type < FIRST_TYPE ? undefined : readCarried(frame, type, start);
  const inner = readTags(frame, type, start);
  return readCarried(frame, inner.type, inner.at);
}

/** An empty frame of 802.3 carries nothing. */
function readLlc(frame: DecodedFrame, start: number): Trouble | undefined {
  if (frame.carried === 0) return undefined;
  const llc = openLlc(frame.bytes, start, frame.end);
  if (!('kind' in llc)) return llc;
  add(frame, llc);
  if (llc.dsap === SAP_STP && llc.ssap === SAP_STP) return readStp(frame, llc.end);
  if (llc.dsap === SAP_IP && llc.ssap === SAP_IP) return readIpv4(frame, llc.end);
  const type = snapType(llc);
  return type === undefined ? undefined : readTyped(frame, type, llc.end);
}

function readStp(frame: DecodedFrame, start: number): Trouble | undefined {
  const stp = openStp(frame.bytes, start, frame.end);
  if (!('kind' in stp)) return stp;
  add(frame, stp);
  return undefined;
}

function readLoopback(frame: DecodedFrame): Trouble | undefined {
  const loopback = openLoopback(frame.bytes, frame.end);
  if (!('kind' in loopback)) return loopback;
  add(frame, loopback);
  const type = loopbackType(loopback);
  return type === undefined ? undefined : readCarried(frame, type, loopback.end);
}

function readCooked(frame: DecodedFrame, version: 1 | 2): Trouble | undefined {
  const cooked = openCooked(frame.bytes, frame.end, version);
  if (!('kind' in cooked)) return cooked;
  add(frame, cooked);
  const { hardware, protocol, end } = cooked;
  if (hardware === ARPHRD.radiotap) return readRadiotap(frame, end);
  if (hardware === ARPHRD.wireless) return readWireless(frame, end, false);
  if (hardware === ARPHRD.netlink) return undefined;
  return protocol === PROTOCOL_LLC ? readLlc(frame, end) : readTyped(frame, protocol, end);
}

function readRadiotap(frame: DecodedFrame, start: number): Trouble | undefined {
  const radiotap = openRadiotap(frame.bytes, start, frame.end);
  if (!('kind' in radiotap)) return radiotap;
  add(frame, radiotap);
  if (radiotap.fcs) frame.endsWith(FCS);
  frame.carriesFrom(radiotap.end);
  return readWireless(frame, radiotap.end, radiotap.padded);
}

function readWireless(frame: DecodedFrame, start: number, padded: boolean): Trouble | undefined {
  const wireless = openWireless(frame.bytes, start, frame.end, padded);
  if (!('kind' in wireless)) return wireless;
  add(frame, wireless);
  return carriesLlc(frame.bytes, wireless) ? readLlc(frame, wireless.end) : undefined;
}

function readPpp(frame: DecodedFrame, start: number): Trouble | undefined {
  const ppp = openPpp(frame.bytes, start, frame.end);
  if (!('kind' in ppp)) return ppp;
  add(frame, ppp);
  const type = pppType(ppp);
  return type === undefined ? undefined : readCarried(frame, type, ppp.end);
}

function readPppoe(frame: DecodedFrame, start: number): Trouble | undefined {
  const pppoe = openPppoe(frame.bytes, start, frame.end);
  if (!('kind' in pppoe)) return pppoe;
  frame.carries('pppoe', pppoe.end, pppoe.length);
  add(frame, pppoe);
  return pppoe.code === 0 && frame.carried > 0 ? readPpp(frame, pppoe.end) : undefined;
}
