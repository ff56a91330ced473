/** A few words for a frame whose link carries no packet that is read here. */
import { ethernetWord, FIRST_TYPE } from '../ethernet.ts';
import type { Frame, Link } from '../frame.ts';
import { linkName } from '../link-types.ts';
import { llcWord, snapType } from './llc.ts';
import { pppoeWord, pppWord } from './ppp.ts';
import { stpWords } from './stp.ts';
import { MANAGEMENT, wirelessWord } from './wireless.ts';

/** `LLDP, 46 bytes`, `STP root 32768/02:… cost 0`, `beacon`, `link type 147, 60 bytes (USER0)`. */
export function linkLabel(frame: Frame): string {
  const { links, ethernet } = frame;
  const last = links.at(-1);
  if (last !== undefined) return innermost(last, frame);
  if (ethernet !== undefined) return typed(ethernet.type, frame);
  if (frame.layers.length === 0 && frame.trouble === undefined) return unread(frame);
  return 'broken frame';
}

function innermost(link: Link, frame: Frame): string {
  switch (link.kind) {
    case 'stp':
      return stpWords(link);
    case 'llc':
      return snapType(link) === undefined ? withSize(llcWord(link), frame) : typed(link.protocol!, frame);
    case 'ppp':
      return withSize(pppWord(link), frame);
    case 'pppoe':
      return pppoeWord(link);
    case 'wireless':
      return link.type === MANAGEMENT ? wirelessWord(link) : withSize(wirelessWord(link), frame);
    case 'cooked':
      return typed(link.protocol, frame);
    case 'loopback':
      return withSize(`family ${link.family}`, frame);
    case 'radiotap':
      return 'broken frame';
    default:
      return link satisfies never;
  }
}

/** A length in place of a type does not tell the protocol; cooked captures have numbers of Linux there. */
function typed(type: number, frame: Frame): string {
  if (type < FIRST_TYPE) return frame.ethernet ? sized(frame.carried) : `protocol 0x${hex(type)}`;
  return withSize(ethernetWord(type) ?? `type 0x${hex(type)}`, frame);
}

function unread({ linkType, length }: Frame): string {
  const name = linkName(linkType);
  return `link type ${linkType}, ${sized(length)}${name === undefined ? '' : ` (${name})`}`;
}

function withSize(words: string, { carried }: Frame): string {
  return carried === 0 ? words : `${words}, ${sized(carried)}`;
}

function sized(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}
