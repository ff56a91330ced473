/**
 * One end of a TCP connection as its kernel has it: the states of RFC 9293 section 3.3.2, changed by the segments that
 * this end sends and receives. Numbers are relative to the conversation's beginning and do not wrap.
 */
import { ACK, FIN, RST, SYN } from '../tcp.ts';

export type TcpState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'CLOSING'
  | 'TIME-WAIT'
  | 'CLOSED';

/** The parts of a segment that change the state of an end. */
export interface Moving {
  flags: number;
  /** The number of its first byte; SYN counts as one. */
  sequence: number;
  /** The number after its last byte; FIN counts as one. */
  end: number;
  /** Present where it has the flag ACK. */
  acknowledgement?: number;
}

export interface End {
  /** Undefined where no segment so far tells it. */
  state?: TcpState;
  /** Whether its SYN has been seen; otherwise its numbers are guessed. */
  readonly begun: boolean;
  /** The number after its FIN, once it has sent one. */
  fin?: number;
  /** The number of the next byte that it waits for. */
  next?: number;
  /** The bytes that have come beyond `next`: runs that do not touch, in order. */
  readonly beyond: [from: number, to: number][];
  /** The number after the peer's FIN, once the FIN has come. */
  peerFin?: number;
  /** The highest number received. */
  highest: number;
  /** A SYN has come. The answer will tell whether the end takes it. */
  asked: boolean;
  /** The end listened before this connection. */
  listened: boolean;
}

export function newEnd(state: TcpState | undefined, begun: boolean): End {
  const end: End = { begun, beyond: [], highest: Number.NEGATIVE_INFINITY, asked: false, listened: false };
  if (state !== undefined) end.state = state;
  return end;
}

/** Changes the state of an end by a segment that it sends. */
export function sends(end: End, { flags, end: after }: Moving): void {
  if (flags & RST) {
    // In SYN-SENT a reset answers a wrong acknowledgement, and the attempt goes on.
    if (end.state !== 'SYN-SENT') end.state = 'CLOSED';
    return;
  }
  if (flags & SYN) {
    sendsSyn(end, flags);
    return;
  }
  end.state ??= 'ESTABLISHED';
  if (!(flags & FIN)) return;
  end.fin = after;
  if (end.state === 'ESTABLISHED' || end.state === 'SYN-RECEIVED') end.state = 'FIN-WAIT-1';
  else if (end.state === 'CLOSE-WAIT') end.state = 'LAST-ACK';
}

function sendsSyn(end: End, flags: number): void {
  if (!(flags & ACK)) {
    if (end.state === undefined || end.state === 'CLOSED') end.state = 'SYN-SENT';
    return;
  }
  if (end.state !== undefined && end.state !== 'LISTEN' && end.state !== 'CLOSED') return;
  end.listened = true;
  end.state = 'SYN-RECEIVED';
}

/** Changes the state of an end by a segment that comes: first its acknowledgement counts, then its FIN (section 3.10.7). */
export function receives(end: End, segment: Moving): void {
  const { flags } = segment;
  if (flags & RST) {
    if (acceptsReset(end, segment))
      end.state = end.state === 'SYN-RECEIVED' && end.listened ? 'LISTEN' : 'CLOSED';
    return;
  }
  if (flags & SYN) receivesSyn(end, segment);
  else if (end.state === undefined && !end.begun) end.state = 'ESTABLISHED';
  if (end.state === undefined || end.state === 'LISTEN' || end.state === 'CLOSED') return;
  if (flags & ACK) receivesAck(end, segment.acknowledgement!);
  if (end.state === 'SYN-SENT') return;
  takeIn(end, segment);
  if (end.peerFin !== undefined && end.next! >= end.peerFin) receivesFin(end);
}

/** A reset counts only with the expected number (RFC 5961); in SYN-SENT it must acknowledge the SYN. */
function acceptsReset(end: End, { sequence, acknowledgement }: Moving): boolean {
  if (end.state === 'SYN-SENT') return acknowledgement === 1;
  return !end.begun || end.next === undefined || sequence === end.next;
}

function receivesSyn(end: End, { flags, acknowledgement }: Moving): void {
  if (flags & ACK) {
    if (end.state === 'SYN-SENT' && acknowledgement === 1) end.state = 'ESTABLISHED';
    return;
  }
  if (end.state === 'SYN-SENT') end.state = 'SYN-RECEIVED';
  else if (end.state === undefined || end.state === 'LISTEN') end.asked = true;
}

function receivesAck(end: End, acknowledgement: number): void {
  if (end.state === 'SYN-RECEIVED' && acknowledgement >= 1) end.state = 'ESTABLISHED';
  if (end.fin === undefined || acknowledgement < end.fin) return;
  if (end.state === 'FIN-WAIT-1') end.state = 'FIN-WAIT-2';
  else if (end.state === 'CLOSING') end.state = 'TIME-WAIT';
  else if (end.state === 'LAST-ACK') end.state = 'CLOSED';
}

function receivesFin(end: End): void {
  if (end.state === 'ESTABLISHED' || end.state === 'SYN-RECEIVED') end.state = 'CLOSE-WAIT';
  else if (end.state === 'FIN-WAIT-1') end.state = 'CLOSING';
  else if (end.state === 'FIN-WAIT-2') end.state = 'TIME-WAIT';
}

/** Takes in the bytes of a segment: a FIN counts when all bytes before it have come. */
function takeIn(end: End, { flags, sequence, end: after }: Moving): void {
  end.highest = Math.max(end.highest, after);
  if (flags & FIN) end.peerFin = after;
  if (after === sequence) {
    end.next ??= sequence;
    return;
  }
  end.next ??= sequence;
  if (sequence > end.next) {
    addRun(end.beyond, sequence, after);
    return;
  }
  end.next = Math.max(end.next, after);
  while (end.beyond.length > 0 && end.beyond[0]![0] <= end.next) {
    end.next = Math.max(end.next, end.beyond.shift()![1]);
  }
}

/** Most runs come last, so the search begins at the end. If a capture misses one segment, all later ones are here. */
function addRun(runs: End['beyond'], from: number, to: number): void {
  let last = runs.length;
  while (last > 0 && runs[last - 1]![0] > to) last -= 1;
  let first = last;
  const run: [number, number] = [from, to];
  for (; first > 0 && runs[first - 1]![1] >= from; first -= 1) {
    run[0] = Math.min(run[0], runs[first - 1]![0]);
    run[1] = Math.max(run[1], runs[first - 1]![1]);
  }
  runs.splice(first, last - first, run);
}
