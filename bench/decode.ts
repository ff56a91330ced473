/**
 * `npm run bench:decode`: frames a second that are read from a capture file and printed, ten fields each, by us and
 * by tshark, one after the other in this run; whether both print the same; and whether our memory stays the same
 * however long the file is. `--frames N` for another size.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pcapWriter } from '../test/wire/encode/pcap.ts';
import { FIELDS } from './fields.ts';
import { mixedFrames } from './mixed-frames.ts';

/** tshark is given this share of the frames. */
const SHARE = 10;
/** V8 lets the space for what is young grow to so many MiB; unbounded, that growth would hide what is kept. */
const OURS = ['--max-semi-space-size=16', fileURLToPath(new URL('print-fields.ts', import.meta.url))];

const { values } = parseArgs({ options: { frames: { type: 'string', default: '1000000' } } });
const count = Number(values.frames);
const folder = await mkdtemp(join(tmpdir(), 'lanlab-bench-'));
try {
  await bench(join(folder, 'all.pcap'), join(folder, 'share.pcap'));
} finally {
  await rm(folder, { recursive: true });
}

async function bench(all: string, share: string): Promise<void> {
  await write(all, count);
  await write(share, count / SHARE);
  const megabytes = (await stat(all)).size / 1e6;
  say(`${count} frames, ${megabytes.toFixed(0)} MB; tshark reads the first ${count / SHARE} of them`);

  const shark = ['-n', '-r', share, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])];
  const same = (await printed(process.execPath, [...OURS, share])) === (await printed('tshark', shark));
  const theirs = await timed('tshark', shark);
  const ours = await timed(process.execPath, [...OURS, all, String(count)]);
  const rates = { ours: count / ours.seconds, theirs: count / SHARE / theirs.seconds };
  say(`lanlab  ${rate(rates.ours)} (${ours.seconds.toFixed(2)} s with its start)`);
  say(`tshark  ${rate(rates.theirs)} (${theirs.seconds.toFixed(2)} s with its start)`);
  say(`ratio   ${(rates.ours / rates.theirs).toFixed(1)}`);
  say(`lines   ${same ? 'the same from both' : 'DIFFERENT'}`);
  const { early, end, most } = JSON.parse(ours.stderr) as Record<string, number>;
  say(`memory  ${mebibytes(early)} after a tenth, ${mebibytes(end)} at the end, ${mebibytes(most)} at most`);
  if (!same) process.exitCode = 1;
}

async function write(file: string, frames: number): Promise<void> {
  const writer = pcapWriter();
  const out = createWriteStream(file);
  out.write(writer.head);
  for (const batch of mixedFrames(frames)) if (!out.write(writer.frames(batch))) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}

/** Into nothing, as fast as it prints. */
async function timed(program: string, args: readonly string[]): Promise<{ seconds: number; stderr: string }> {
  const began = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
  return { seconds: (performance.now() - began) / 1000, stderr };
}

/** A digest of all its lines. */
async function printed(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const digest = createHash('sha256');
  for await (const chunk of child.stdout) digest.update(chunk);
  return digest.digest('hex');
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')} frames a second`;
}

function mebibytes(bytes = 0): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
