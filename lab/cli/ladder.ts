/** `lanlab ladder FILE`: a capture as a ladder, on the terminal, as SVG, as a page; or the list of its conversations. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../errors.ts';
import { conversationList } from '../reports/conversation-list.ts';
import { ladderPage } from '../reports/html/capture.ts';
import { ladderSvg } from '../reports/ladder-svg.ts';
import { ladderText } from '../reports/ladder-text.ts';

import { plural } from '../reports/printable.ts';
import type { Listed } from '../wire/conversations/listed.ts';
import { type CaptureStory, ladderOfCapture, storyOfCapture } from '../wire/ladder/file.ts';
import { familyOf } from '../wire/ladder/label.ts';
import { type Ladder, OTHERS } from '../wire/ladder/ladder.ts';
import { betweenHosts, conversationOf, framesOf } from '../wire/ladder/select.ts';
import { MOST_FRAMES } from './most-frames.ts';
import { type CaptureRead, readCaptureFile } from './read-capture.ts';
import { note, tell } from './say.ts';
import { coloured } from './terminal.ts';

export interface LadderArguments {
  svg?: string;
  html?: string;
  most: number;
  /** Names or addresses. */
  hosts?: readonly string[];
  /** The number of the only conversation to draw. */
  conversation?: number;
  /** `list`: list the conversations, also if they are few. `all`: draw all frames, also of many conversations. */
  list?: boolean;
  all?: boolean;
}

/** More conversations than these are listed, not drawn: a ladder of all of them tells nothing. */
const MOST_CONVERSATIONS = 12;

export async function ladder(file: string, options: LadderArguments): Promise<number> {
  const read = await readCaptureFile(file);
  const story = storyOfCapture(read.content);
  if (story.frames.length === 0 && read.trouble === undefined) say('the capture has no frames');
  const part = partOf(story, options);
  const drawn = story.ladder(part.frames, options.most, !options.all);
  const asFile = options.svg !== undefined || options.html !== undefined;
  const listed = options.list === true || (!asFile && isMuch(part, drawn, options));
  if (listed) list(part.conversations, story, options);
  else await draw(file, withUnread(drawn, read, part), story, options);
  // The frames that could be read are drawn. Then the user is told of those that are missing.
  if (read.more > 0)
    say(`${plural(read.more, 'frame')} beyond the first ${read.content.frames.length} not looked at`);
  if (read.trouble) throw read.trouble;
  return 0;
}

/** The picture that `--svg` writes of a capture. */
export async function ladderPicture(file: string, title: string): Promise<string> {
  const { content } = await readCaptureFile(file);
  return ladderSvg(ladderOfCapture(content, MOST_FRAMES).ladder, { title });
}

interface Part {
  frames: CaptureStory['frames'];
  conversations: readonly Listed[];
  /** All frames of the file are meant. */
  whole: boolean;
}

function partOf(story: CaptureStory, { hosts, conversation }: LadderArguments): Part {
  const all = story.conversations();
  const between = hosts === undefined ? all : betweenHosts(all, story.parties, hosts);
  if (hosts !== undefined && between.length === 0) {
    throw new LabError('usage', `no frame is between ${hosts.join(' and ')}`, {
      hint: 'lanlab ladder --list FILE lists who talks with whom',
    });
  }
  if (conversation !== undefined) {
    const one = conversationOf(all, conversation);
    return { frames: one.frames, conversations: [one], whole: false };
  }
  if (hosts === undefined) return { frames: story.frames, conversations: all, whole: true };
  return { frames: framesOf(between), conversations: between, whole: false };
}

/** ARP and neighbour discovery do not count: the conversations after them show the same hosts. */
function isMuch({ conversations }: Part, { lanes }: Ladder, { all, conversation }: LadderArguments): boolean {
  if (all || conversation !== undefined) return false;
  const talks = conversations.filter(({ frames: [first] }) => first && familyOf(first.frame) !== 'arp');
  return talks.length > MOST_CONVERSATIONS || lanes.some(({ name }) => name === OTHERS);
}

function list(
  conversations: readonly Listed[],
  { names }: CaptureStory,
  { list: asked, most }: LadderArguments,
): void {
  tell(conversationList(asked ? conversations : conversations.slice(0, most), names));
  if (asked) return;
  if (conversations.length > most) say(`listed ${most} conversations; --list lists all`);
  const { number } = conversations[0]!;
  const how = `--conversation ${number} draws one, --hosts A,B those between two hosts, --all every frame`;
  say(`${plural(conversations.length, 'conversation')}: ${how}`);
}

function withUnread(ladder: Ladder, { more }: CaptureRead, { whole }: Part): Ladder {
  return whole ? { ...ladder, frames: ladder.frames + more, leftOut: ladder.leftOut + more } : ladder;
}

async function draw(
  file: string,
  ladder: Ladder,
  { names }: CaptureStory,
  { svg, html, most }: LadderArguments,
): Promise<void> {
  const title = file === '-' ? 'standard input' : basename(file);
  if (svg !== undefined) await write('svg', svg, ladderSvg(ladder, { title }));
  if (html !== undefined) await write('html', html, ladderPage(title, ladder, names));
  if (svg === undefined && html === undefined) {
    const { stdout } = process;
    const look = {
      colour: coloured(stdout),
      width: Math.min(140, stdout.columns ?? 100),
      ascii: !drawsLines(),
    };
    tell(ladderText(ladder, look));
  }
  if (ladder.leftOut > 0) say(`drew ${most} of ${ladder.frames} frames; --most draws more`);
}

function say(line: string): void {
  note(`lanlab: ${line}\n`);
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
