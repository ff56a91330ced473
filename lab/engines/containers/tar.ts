/** Tar archives from memory, always the same bytes for the same files. The engine takes files and build contexts so. */

import { FILE_MODE } from '../../model/types.ts';

export interface ArchivedFile {
  /** Relative, with `/` between folders; the program that unpacks makes missing folders. */
  path: string;
  bytes: Uint8Array;
  /** Permissions; 0644 where absent. */
  mode?: number;
}

const BLOCK = 512;

/** POSIX ustar, with GNU's long-name entry for paths over 100 bytes. Owner root, no times. */
export function* tar(files: Iterable<ArchivedFile>): Generator<Uint8Array> {
  for (const { path, bytes, mode = FILE_MODE } of files) {
    const name = Buffer.from(path, 'utf8');
    if (name.length > 100) {
      const long = Buffer.concat([name, Buffer.alloc(1)]);
      yield header(Buffer.from('././@LongLink'), long.length, 'L', 0o644);
      yield* padded(long);
    }
    yield header(name.subarray(0, 100), bytes.length, '0', mode);
    yield* padded(bytes);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** Offsets and widths are those of IEEE Std 1003.1, "ustar Interchange Format". */
function header(name: Buffer, size: number, type: string, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  name.copy(block, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  // The sum is taken with its own field full of spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function* padded(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
  const rest = bytes.length % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}
