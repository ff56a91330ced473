/**
 * Frames that several hosts captured, as one story. A frame seen at two cards is one frame with two sightings:
 * the same bytes on the same network, the receivers' after the sender's. Hosts of one machine share its clock.
 */
import type { Frame } from './frame.ts';

/** A card at which frames were captured. */
export interface Card {
  host: string;
  /** `eth0` */
  name: string;
  /** Lower case. */
  mac: string;
  network: string;
  /** Literal addresses, without prefixes. */
  addresses: string[];
}

/** One card's view of a frame. */
export interface Sighting {
  card: Card;
  /** The number of the frame in this card's capture, from 1. */
  number: number;
  /** Unix time of the kernel's stamp. */
  seconds: number;
  nanoseconds: number;
  /** Whether it left the card or came to it. */
  way: 'out' | 'in';
  /** Nanoseconds by which the clock had been set back before: they are added for its place in time. 0 unless given. */
  setBack?: number;
}

/** One frame of the timeline. */
export interface SeenFrame {
  /** Its number in the timeline, from 1. */
  number: number;
  frame: Frame;
  /** At least one; in the order of their times, the sender's first where it was captured. */
  sightings: Sighting[];
}
