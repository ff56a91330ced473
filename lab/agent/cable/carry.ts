/** Carries frames between cards: takes them from one, judges them, and hands each on when it is due. */

import { MOST_HELD, type Tally, type Verdict } from './impairment.ts';
import { Lane } from './lane.ts';
import { bytesOf, type Held, PacketSocket, Slots, wait } from './packet-socket.ts';
import { Stamps } from './stamps.ts';
import type { CableAccount, OpenCable, ThreadCalls } from './thread-calls.ts';
import { MOST_VERDICTS } from './thread-calls.ts';

/** Bytes of a slot: most cables need Ethernet's size. */
const SIZES = [2048, 9216, 65_600];
const HEADERS = 18;
/** The turns in which a full ring is read. */
const TURNS_OF_A_RING = 4;

interface Track {
  lane: Lane;
  from: PacketSocket;
  to: PacketSocket;
  slots: Slots;
  /** Frames that it could not carry. */
  missed: number;
}

export class Carrying implements ThreadCalls {
  readonly #cables = new Map<string, Track[]>();
  readonly #slots = new Map<number, Slots>();
  #told: CableAccount['verdicts'] = [];
  readonly #counts = new Map<string, number>();
  readonly #stamps = new Stamps();

  /** The sockets that frames come by, in the order of `come`. */
  get files(): number[] {
    return this.#tracks().map(({ from }) => from.file);
  }

  #tracks(): Track[] {
    return [...this.#cables.values()].flat();
  }

  open({ name, out, in: inward, mtu }: OpenCable): void {
    this.close(name);
    const size = SIZES.find((one) => one >= mtu + HEADERS) ?? SIZES.at(-1)!;
    const slots = this.#slots.get(size) ?? new Slots(MOST_HELD, size);
    this.#slots.set(size, slots);
    const opened: PacketSocket[] = [];
    const socket = (card: string, hears: number | false) => {
      const made = new PacketSocket(card, hears);
      opened.push(made);
      return made;
    };
    try {
      const tracks: Track[] = (
        [
          ['out', out],
          ['in', inward],
        ] as const
      ).map(([direction, hop], index): Track => {
        const answer = (bytes: Buffer) => say(tracks[1 - index]!, bytes);
        const lane = new Lane(direction, (verdict) => this.#tell(name, verdict), answer);
        return { lane, from: socket(hop.from, mtu + HEADERS), to: socket(hop.to, false), slots, missed: 0 };
      });
      this.#cables.set(name, tracks);
    } catch (error) {
      for (const one of opened) one.close();
      throw error;
    }
  }

  #tell(cable: string, verdict: Verdict): void {
    const count = (this.#counts.get(verdict.stage) ?? 0) + 1;
    this.#counts.set(verdict.stage, count);
    if (count <= MOST_VERDICTS) this.#told.push({ ...verdict, cable });
  }

  stand({ cable, stages }: Parameters<ThreadCalls['stand']>[0]): Tally[] {
    return this.#of(cable).flatMap(({ lane }) => lane.stand(stages));
  }

  forget({ cable, direction, from }: Parameters<ThreadCalls['forget']>[0]): void {
    const cards = from && new Set(from.map((mac) => mac.toLowerCase().replaceAll(':', '')));
    for (const { lane } of this.#of(cable)) {
      if (lane.direction !== direction) continue;
      giveBack(lane.forget((frame) => !cards || cards.has(bytesOf(frame).toString('hex', 6, 12))));
    }
  }

  rehang({ cable, sends }: Parameters<ThreadCalls['rehang']>[0]): void {
    for (const track of this.#of(cable)) {
      if (track.lane.direction !== 'out') continue;
      const before = track.to;
      track.to = new PacketSocket(sends, false);
      before.close();
    }
  }

  close(cable: string): void {
    for (const { lane, from, to } of this.#cables.get(cable) ?? []) {
      giveBack(lane.forget(() => true));
      from.close();
      to.close();
    }
    this.#cables.delete(cable);
  }

  told(): CableAccount {
    const verdicts = this.#told;
    this.#told = [];
    const all = [...this.#cables].flatMap(([cable, tracks]) => tracks.map((track) => ({ cable, track })));
    const tallies = all.flatMap(({ cable, track }) =>
      track.lane.tallies().map((tally) => ({ ...tally, cable })),
    );
    const missed = all.map(({ cable, track }) => {
      track.missed += track.from.missed();
      return { cable, direction: track.lane.direction, frames: track.missed };
    });
    return { verdicts, tallies, missed: missed.filter(({ frames }) => frames > 0) };
  }

  #of(cable: string): Track[] {
    const tracks = this.#cables.get(cable);
    if (!tracks) throw new Error(`the cable ${cable} is not open`);
    return tracks;
  }

  /** When the next frame is due. */
  get next(): number {
    return Math.min(...this.#tracks().map(({ lane }) => lane.next), Number.POSITIVE_INFINITY);
  }

  /** Takes frames that have come, from each card so few that each has its turn. Returns their number. */
  come(readable: readonly boolean[]): number {
    let taken = 0;
    for (const [index, { lane, from, slots }] of this.#tracks().entries()) {
      if (!readable[index]) continue;
      for (const frame of from.receive(slots)) {
        taken += 1;
        lane.come(frame, this.#stamps.came(frame.time));
      }
    }
    return taken;
  }

  /** Takes every frame that has come until now. In a flood more keep coming, so it takes at most as many as rings hold. */
  comeAll(): void {
    for (let turn = 0; turn < TURNS_OF_A_RING && this.come(wait(this.files, 0)) > 0; turn++) this.leave();
  }

  leave(): void {
    for (const track of this.#tracks()) {
      const { lane, to } = track;
      const going = lane.leave(performance.now());
      if (going.length === 0) continue;
      track.missed += going.length - to.send(going);
      giveBack(going);
    }
  }

  end(): void {
    for (const name of [...this.#cables.keys()]) this.close(name);
  }
}

/** Sends a frame that the cable itself has made. It counts as missed where the memory for frames is full. */
function say(track: Track, bytes: Buffer): void {
  const { lane, slots } = track;
  if (slots.free === 0) {
    track.missed += 1;
    return;
  }
  const frame: Held = { slots, slot: slots.take(), length: bytes.length, time: Date.now() / 1000 };
  bytes.copy(bytesOf(frame));
  lane.say(frame, performance.now());
}

/** Frees the slots of the frames. A frame that was doubled is in the list twice. */
function giveBack(frames: readonly Held[]): void {
  for (const frame of new Set(frames)) frame.slots.give(frame.slot);
}
