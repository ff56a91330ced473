/**
 * `node bench/print-fields.ts FILE [COUNT]`: ten fields a frame on standard output; on standard error, as JSON, how
 * many frames, and its memory in bytes when it had read a tenth of them and at most.
 */
import { createReadStream, writeSync } from 'node:fs';
import { readCapture } from '../lab/wire/files/capture-file.ts';
import { Lines } from './fields.ts';

const STANDARD_OUTPUT = 1;
const [file = '', expected = '0'] = process.argv.slice(2);

const lines = new Lines();
let frames = 0;
let early = 0;
for await (const batch of readCapture(createReadStream(file, { highWaterMark: 256 * 1024 }))) {
  for (const captured of batch) {
    lines.add(captured);
    if (lines.isFull) write(lines.take());
  }
  frames += batch.length;
  if (early === 0 && frames >= Number(expected) / 10) early = process.memoryUsage.rss();
}
write(lines.take());
const most = process.resourceUsage().maxRSS * 1024;
process.stderr.write(`${JSON.stringify({ frames, early, end: process.memoryUsage.rss(), most })}\n`);

function write(bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(STANDARD_OUTPUT, bytes, done);
}
