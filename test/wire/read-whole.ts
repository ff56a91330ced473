/** A capture file's bytes, read in one piece or in many. */
import { captureReader } from '../../lab/wire/files/capture-file.ts';

export function readWhole(file: Uint8Array) {
  return readPieces([file]);
}

export function readPieces(pieces: Iterable<Uint8Array>) {
  const reader = captureReader();
  const frames = [...pieces].flatMap((piece) => reader.push(piece));
  reader.end();
  const { format, cards, names, trouble } = reader;
  return { frames, format, cards, names, trouble };
}
