/** What tcpdump captures on loopback while something is done there. */
import { spawn, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { decode } from '../../lab/wire/decode.ts';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import type { Captured, Frame } from '../../lab/wire/frame.ts';

const ARGUMENTS = ['-i', 'lo', '-y', 'EN10MB', '--immediate-mode', '-U', '--nano', '-w', '-'];

/** What the machine lacks to capture on loopback, and the hint; undefined where nothing. */
export function lackingCapture(): string | undefined {
  // It opens the card to compile a filter for it, and captures nothing.
  const { error, status } = spawnSync('tcpdump', ['-i', 'lo', '-y', 'EN10MB', '-d'], { stdio: 'ignore' });
  if (error) return 'no tcpdump here: apt-get install tcpdump';
  if (status !== 0) return 'tcpdump may not capture on loopback: run as root';
  return undefined;
}

/** Resolves when this holds of a frame that was captured. */
export type Until = (holds: (frame: Frame) => boolean) => Promise<void>;

/**
 * The file that it wrote, and the frames in it, `kept` bytes of each. What the act waits for last is in it. The
 * signal ends tcpdump.
 */
export async function captureLoopback(
  filter: string,
  kept: number,
  signal: AbortSignal,
  act: (until: Until) => Promise<void>,
): Promise<{ file: Buffer; frames: Captured[] }> {
  const program = spawn('tcpdump', [...ARGUMENTS, '-s', String(kept), filter], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const exited = once(program, 'exit');
  const chunks: Buffer[] = [];
  const frames: Captured[] = [];
  const news = new EventEmitter();
  program.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const reading = (async () => {
    for await (const batch of readCapture(program.stdout)) {
      frames.push(...batch);
      news.emit('frames');
    }
  })();
  const until: Until = async (holds) => {
    while (!frames.some(({ bytes, length }) => holds(decode(bytes, length)))) await once(news, 'frames');
  };
  try {
    await listening(program.stderr);
    await act(until);
  } finally {
    program.kill('SIGINT');
  }
  await Promise.all([reading, exited]);
  return { file: Buffer.concat(chunks), frames };
}

async function listening(errors: NodeJS.ReadableStream): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    errors.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('listening on')) resolve();
    });
    errors.on('end', () => reject(new Error(said)));
  });
}
