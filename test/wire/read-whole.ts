/** A capture file's bytes, read in one piece or in many. */
import { captureReader, type ReadOptions } from '../../lab/wire/files/capture-file.ts';

export function readWhole(file: Uint8Array, options: ReadOptions = {}) {
  return readPieces([file], options);
}

export function readPieces(pieces: Iterable<Uint8Array>, options: ReadOptions = {}) {
  const reader = captureReader(options);
  const frames = [...pieces].flatMap((piece) => reader.push(piece));
  reader.end();
  const { format, cards, names, trouble } = reader;
  return { frames, format, cards, names, trouble };
}
