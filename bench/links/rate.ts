/** What TCP gets of a rate, and that no 100 ms let more through. */
import type { Found, Row } from './row.ts';
import { secondsOf } from './track.ts';

const ON = { from: 'alice', to: 'bob' } as const;
const WINDOW = 100;
/** Bytes of a full segment of 1,500 with TCP's time stamps, and of its frame. */
const [PAYLOAD, FRAME] = [1448, 1514];

export const rate: Row = {
  name: 'rate',
  async measure(track, share) {
    const found: Found[] = [];
    for (const [megabits, seconds] of [
      [1, 20],
      [10, 10],
      [100, 8],
    ] as const) {
      await using _ = await track.fault({ rate: `${megabits}Mbit/s`, on: ON });
      const { bytesPerSecond, frames } = await track.push('alice', 'bob', secondsOf(seconds, share), true);
      const left = (megabits * PAYLOAD) / FRAME;
      const goodput = (bytesPerSecond * 8) / 1e6;
      const most = mostIn(frames, WINDOW) / WINDOW / 1000;
      // A window that begins with a frame has one more than it lets through.
      const allowed = megabits + (FRAME * 8) / WINDOW / 1000;
      found.push({
        asked: `rate ${megabits} Mbit/s, one TCP connection`,
        found: `${goodput.toFixed(2)} Mbit/s of data, ${((goodput / left) * 100).toFixed(1)} % of what the headers leave; ${most.toFixed(2)} Mbit/s in the fullest 100 ms`,
        goal: `within 5 %; at most ${allowed.toFixed(2)} Mbit/s in 100 ms (one frame more)`,
        met: Math.abs(goodput / left - 1) <= 0.05 && most <= allowed,
      });
    }
    return found;
  },
};

/** Bits of the fullest window of so many milliseconds. */
export function mostIn(frames: readonly { at: number; length: number }[], window: number): number {
  let [most, bits, first] = [0, 0, 0];
  for (const { at, length } of frames) {
    bits += length * 8;
    while (at - frames[first]!.at >= window) bits -= frames[first++]!.length * 8;
    most = Math.max(most, bits);
  }
  return most;
}
