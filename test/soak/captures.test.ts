/** Twenty thousand spoilt captures of every kind: each is drawn, or refused with a clear error, soon and in little memory. */
import { expect, test } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import { conversationList } from '../../lab/reports/conversation-list.ts';
import { ladderPage } from '../../lab/reports/html/capture.ts';
import { ladderSvg } from '../../lab/reports/ladder-svg.ts';
import { ladderText } from '../../lab/reports/ladder-text.ts';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { storyOfCapture } from '../../lab/wire/ladder/file.ts';
import { explainLayers } from '../../lab/wire/print.ts';
import { spoilt } from './spoilt-captures.ts';

const FILES = Number(process.env.LANLAB_SPOILT ?? 20_000);
/** The first of the numbers that decide how files are spoilt. */
const FIRST = Number(process.env.LANLAB_SPOILT_FIRST ?? 1);
/** A file of a few kilobytes takes milliseconds; what takes so long hangs. */
const LONGEST = 10_000;
/** What may be added to the heap over all of them, after garbage is collected now and then by itself. */
const MOST_HEAP = 512 * 1024 ** 2;

interface Result {
  kind: 'drawn' | 'drawn in part' | 'refused';
  frames: number;
}

async function draw(file: Buffer): Promise<Result> {
  const frames: Captured[] = [];
  const capture = readCapture(pieces(file));
  let trouble: LabError | undefined;
  try {
    for await (const batch of capture) frames.push(...batch);
  } catch (error) {
    // Whatever else is thrown is a bug.
    if (!(error instanceof LabError) || error.code !== 'capture' || !error.hint) throw error;
    trouble = error;
  }
  if (frames.length === 0 && trouble) return { kind: 'refused', frames: 0 };
  const story = storyOfCapture({ frames, cards: capture.cards, names: capture.names });
  const conversations = story.conversations();
  const counted = conversations.reduce((sum, one) => sum + one.frames.length, 0);
  expect(counted).toBe(story.frames.length);
  const ladder = story.ladder(story.frames, 1000);
  const shown = [
    ladderText(ladder, { colour: false }),
    conversationList(conversations, story.names),
    ladderSvg(ladder),
    ...story.frames.map(({ frame }) => JSON.stringify(explainLayers(frame, story.names))),
  ];
  for (const text of shown) expect(text).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
  expect(ladderPage('spoilt', ladder, story.names)).toMatch(/<\/html>/);
  return { kind: trouble ? 'drawn in part' : 'drawn', frames: frames.length };
}

async function* pieces(file: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 700) yield file.subarray(at, at + 700);
}

test(`${FILES} spoilt captures are drawn or refused`, { timeout: 7_200_000 }, async () => {
  const kinds = new Map<string, number>();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  const slowest = { number: 0, took: 0 };
  let [frames, heap] = [0, 0];
  for (let number = FIRST; number < FIRST + FILES; number += 1) {
    const { name, file } = spoilt(number);
    const start = performance.now();
    const result = await draw(file).catch((error: Error) => {
      throw new Error(`file ${number}, a spoilt "${name}": ${error.stack}`, { cause: error });
    });
    const took = performance.now() - start;
    expect(took, `file ${number}, a spoilt "${name}"`).toBeLessThan(LONGEST);
    if (took > slowest.took) Object.assign(slowest, { number, took });
    kinds.set(result.kind, (kinds.get(result.kind) ?? 0) + 1);
    frames += result.frames;
    heap = Math.max(heap, process.memoryUsage().heapUsed - before);
  }
  const seconds = (performance.now() - began) / 1000;
  const said = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const cost = `${seconds.toFixed(0)} s, slowest ${slowest.took.toFixed(0)} ms (${slowest.number}), ${(heap / 1024 ** 2).toFixed(0)} MiB of heap`;
  console.log(`${FILES} spoilt captures, ${frames} frames: ${said}; ${cost}`);
  expect(heap).toBeLessThan(MOST_HEAP);
});
