/** A tar archive on its way, without some of its entries. */
import { Transform } from 'node:stream';

const BLOCK = 512;
/** The type flags of headers that speak of the entry behind them (POSIX pax, and GNU's long names). */
const OF_THE_NEXT = ['x', 'L', 'K'];

/** `leftOut` is asked with the name of each entry, as its own header has it (100 bytes at most). */
export function withoutEntries(leftOut: (name: string) => boolean): Transform {
  let bytes: Buffer = Buffer.alloc(0);
  /** Bytes of the present entry that are still to come, and what becomes of them. */
  let left = 0;
  let kept = true;
  /** A header of the next entry, with its content. */
  let ahead: Buffer = Buffer.alloc(0);
  const take = (push: (chunk: Buffer) => void) => {
    for (;;) {
      if (left > 0) {
        const part = bytes.subarray(0, left);
        bytes = bytes.subarray(part.length);
        left -= part.length;
        if (kept && part.length > 0) push(part);
        if (left > 0) return;
      }
      if (bytes.length < BLOCK) return;
      const header = bytes.subarray(0, BLOCK);
      const padded = Math.ceil(sizeOf(header, ahead) / BLOCK) * BLOCK;
      if (OF_THE_NEXT.includes(text(header, 156, 1))) {
        if (bytes.length < BLOCK + padded) return;
        ahead = Buffer.concat([ahead, bytes.subarray(0, BLOCK + padded)]);
        bytes = bytes.subarray(BLOCK + padded);
        continue;
      }
      kept = !leftOut(text(header, 0, 100));
      if (kept) push(Buffer.concat([ahead, header]));
      ahead = Buffer.alloc(0);
      bytes = bytes.subarray(BLOCK);
      left = padded;
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      take((part) => this.push(part));
      done();
    },
    flush(done) {
      done(null, bytes);
    },
  });
}

/** In octal; of 8 GiB and more, pax has the size. */
function sizeOf(header: Buffer, ahead: Buffer): number {
  const [, size] = /\d+ size=(\d+)\n/.exec(ahead.toString('latin1')) ?? [];
  return size === undefined ? Number.parseInt(text(header, 124, 12), 8) || 0 : Number(size);
}

function text(header: Buffer, at: number, width: number): string {
  return header.toString('latin1', at, at + width).split('\0')[0]!;
}
