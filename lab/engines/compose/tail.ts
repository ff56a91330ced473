/** The lines of a file that another process appends to, from the first line on, as they come. */
import { once } from 'node:events';
import { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { eachLine } from '../lines.ts';

const PIECE = 64 * 1024;

/** The file need not be there yet; its folder must. */
export function tail(path: string, take: (line: string) => void): AsyncDisposable {
  const bytes = new PassThrough();
  eachLine(bytes, take);
  const reader = fileReader(path, bytes);
  const watcher = watch(dirname(path), (_event, name) => {
    if (name === null || name === basename(path)) reader.look();
  });
  // For lines that were there before the watch began.
  reader.look();
  return {
    async [Symbol.asyncDispose]() {
      watcher.close();
      await reader.close();
      bytes.end();
    },
  };
}

/** Reads on from its last place, one look after the other: bytes that come during one look are read by the next. */
function fileReader(path: string, to: PassThrough) {
  let file: FileHandle | undefined;
  let last: Promise<void> = Promise.resolve();
  let asked = false;
  let closed = false;
  const look = async () => {
    asked = false;
    file ??= await open(path, 'r').catch(() => undefined);
    if (!file || closed) return;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE);
      if (bytesRead === 0) return;
      if (!to.write(buffer.subarray(0, bytesRead))) await once(to, 'drain');
    }
  };
  return {
    look() {
      if (asked || closed) return;
      asked = true;
      last = last.then(look);
    },
    async close() {
      await last;
      closed = true;
      await file?.close();
    },
  };
}
