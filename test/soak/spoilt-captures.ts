/** Captures spoilt by chance, the same at every run: bits turned, bytes cut out, doubled, filled, and files joined. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { everyCapture, mixedFile } from '../wire/odd-captures.ts';
import { readWhole } from '../wire/read-whole.ts';

/** A linear congruence: numbers from 0 to `below`, not included. */
export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Spoilt {
  name: string;
  file: Buffer;
}

/** The file of this number; `number` decides all. */
export function spoilt(number: number): Spoilt {
  const all = everyCapture();
  const draw = random(number * 2_654_435_761 + 1);
  const { name, file } = all[draw(all.length)]!;
  const other = all[draw(all.length)]!.file;
  // Spoilt gzip is hardly ever more than broken gzip, so half of it is spoilt within.
  if (draw(2) === 0) return { name, file: spoiltWithin(file, other, draw) };
  const packed = file[0] === 0x1f && draw(2) === 0;
  let bytes: Buffer = packed ? gunzipSync(file) : file;
  for (let times = 1 + draw(4); times > 0; times -= 1) bytes = spoil(bytes, other, draw);
  return { name, file: packed ? gzipSync(bytes) : bytes };
}

/** The file is whole, and its frames are spoilt: what is above the file format is met. */
function spoiltWithin(file: Buffer, other: Buffer, draw: Random): Buffer {
  const { frames, cards } = readWhole(file[0] === 0x1f ? gunzipSync(file) : file);
  const spoilt = frames.map(({ card, bytes }): [number, Uint8Array] => {
    const whole = Buffer.from(bytes);
    return [card, draw(2) === 0 ? whole : spoil(whole, other, draw)];
  });
  return mixedFile(
    cards.map(({ linkType }) => linkType),
    spoilt,
  );
}

const KINDS = 8;
/** Values that lengths and counts take where they are wrong. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];

function spoil(file: Buffer, other: Buffer, draw: Random): Buffer {
  if (file.length === 0) return file;
  const bytes = Buffer.from(file);
  const at = draw(bytes.length);
  const length = 1 + draw(Math.min(64, bytes.length - at));
  switch (draw(KINDS)) {
    case 0:
      bytes[at]! ^= 1 << draw(8);
      return bytes;
    case 1:
      bytes[at] = draw(256);
      return bytes;
    case 2:
      bytes.fill(EXTREMES[draw(EXTREMES.length)]!, at, at + length);
      return bytes;
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 6:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(draw(other.length))]);
    default:
      for (let turn = 0; turn < 16; turn += 1) bytes[draw(bytes.length)]! ^= 1 << draw(8);
      return bytes;
  }
}
