/** `lanlab ladder FILE`: a capture as a ladder: on the terminal, as SVG, as a page. */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../errors.ts';
import { ladderPage } from '../reports/html/capture.ts';
import { ladderSvg } from '../reports/ladder-svg.ts';
import { ladderText } from '../reports/ladder-text.ts';
import { readCapture } from '../wire/files/capture-file.ts';
import type { Captured } from '../wire/frame.ts';
import { type CaptureContent, ladderOfCapture } from '../wire/ladder/file.ts';
import { note, tell } from './say.ts';
import { coloured } from './terminal.ts';
import { MOST_FRAMES } from './words/ladder.ts';

export interface LadderArguments {
  svg?: string;
  html?: string;
  most: number;
}

export async function ladder(file: string, { svg, html, most }: LadderArguments): Promise<number> {
  const { content, more, trouble } = await read(file, most);
  const { ladder, names } = ladderOfCapture(content, most);
  const whole = { ...ladder, frames: ladder.frames + more, leftOut: ladder.leftOut + more };
  const title = file === '-' ? 'standard input' : basename(file);
  if (svg !== undefined) await write('svg', svg, ladderSvg(whole, { title }));
  if (html !== undefined) await write('html', html, ladderPage(title, whole, names));
  if (svg === undefined && html === undefined) {
    const { stdout } = process;
    const look = {
      colour: coloured(stdout),
      width: Math.min(140, stdout.columns ?? 100),
      ascii: !drawsLines(),
    };
    tell(ladderText(whole, look));
  }
  if (whole.leftOut > 0) say(`drew ${most} of ${whole.frames} frames; --most draws more`);
  // What could be read is drawn; that it is not all is still said.
  if (trouble) throw trouble;
  return 0;
}

/** What `--svg` writes of a capture. */
export async function ladderPicture(file: string, title: string): Promise<string> {
  const { content } = await read(file, MOST_FRAMES);
  return ladderSvg(ladderOfCapture(content, MOST_FRAMES).ladder, { title });
}

function say(line: string): void {
  note(`lanlab: ${line}\n`);
}

/** A frame at several cards is one frame of the ladder, so more are read than are drawn. */
const CARDS = 16;

async function read(
  file: string,
  most: number,
): Promise<{ content: CaptureContent; more: number; trouble?: LabError }> {
  const capture = readCapture(file === '-' ? process.stdin : createReadStream(file));
  const frames: Captured[] = [];
  let more = 0;
  const result = () => ({ content: { frames, cards: capture.cards, names: capture.names }, more });
  try {
    for await (const batch of capture) {
      const room = Math.max(0, Math.min(most * CARDS, MOST_FRAMES) - frames.length);
      for (const frame of batch.slice(0, room)) frames.push(frame);
      more += Math.max(0, batch.length - room);
    }
    return result();
  } catch (error) {
    if (error instanceof LabError && frames.length > 0) return { ...result(), trouble: error };
    throw error instanceof LabError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): LabError {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'there is no right to',
    EISDIR: 'it is a folder',
  };
  return new LabError('usage', `${file} cannot be read: ${(code && known[code]) ?? message}`, {
    hint: 'name a capture: a file of tcpdump, Wireshark or lanlab capture -w',
    cause: error,
  });
}

async function write(option: string, file: string, text: string): Promise<void> {
  if (file === '-') {
    tell(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new LabError('usage', `--${option} ${file} cannot be written: ${(cause as Error).message}`, {
      hint: 'name a file that can be written',
      cause,
    });
  }
}

/** Lines and arrows need UTF-8: the locale says so (POSIX, LC_ALL before LC_CTYPE before LANG), and a terminal. */
function drawsLines({ TERM, LC_ALL, LC_CTYPE, LANG } = process.env): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  if (TERM === 'dumb' || TERM === 'vt100') return false;
  return locale === '' || /utf-?8/i.test(locale);
}
