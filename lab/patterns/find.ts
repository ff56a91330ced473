/**
 * Tries a pattern of the user's so that it can never hold the run: what may take long is tried in a thread of its own,
 * which is ended when the time is over.
 */
import { Worker } from 'node:worker_threads';
import { isQuick } from './cost.ts';
import { SlowPattern } from './slow-pattern.ts';
import type { Attempt, Match } from './thread.ts';

/** Milliseconds that a pattern has at least, also where the step's time is over. */
const LEAST = 1_000;

/** Beside this file, whether it was compiled or not. */
const THREAD = new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url);

/** Milliseconds for which a thread waits for its next pattern: where many come, none is waited for. */
const STAYS = 5_000;

/** Free for the next attempt; another one that becomes free ends. */
let idle: Worker | undefined;

/** Where the pattern is found first in one of these texts. Throws SlowPattern after `giveUp` milliseconds, but 1 s at least. */
export async function findIn(
  pattern: RegExp,
  texts: readonly string[],
  giveUp: number,
): Promise<Match | undefined> {
  // A state of `g` and `y` would be another one in the thread.
  const flags = pattern.flags.replace(/[gy]/g, '');
  if (
    isQuick(
      pattern,
      texts.map(({ length }) => length),
    )
  )
    return findHere(new RegExp(pattern.source, flags), texts);
  const milliseconds = Math.max(LEAST, giveUp);
  const late = () =>
    new SlowPattern(
      pattern,
      texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      milliseconds,
    );
  return findThere({ source: pattern.source, flags, texts }, milliseconds, late);
}

/** In one text. */
export function find(pattern: RegExp, text: string, giveUp: number): Promise<Match | undefined> {
  return findIn(pattern, [text], giveUp);
}

/** Whether a line of these texts has it. Throws SlowPattern. */
export async function hasLine(pattern: RegExp, texts: readonly string[], giveUp: number): Promise<boolean> {
  const some = texts.filter((text) => mayHaveLine(pattern, text));
  if (some.length === 0) return false;
  return (
    (await findIn(
      pattern,
      some.flatMap((text) => text.split('\n')),
      giveUp,
    )) !== undefined
  );
}

/**
 * What a line has its text has too, where `^` and `$` stand for ends of lines; unless the pattern says what must not come
 * around it. One look at a flood in place of one at each line.
 */
function mayHaveLine({ source, flags }: RegExp, text: string): boolean {
  if (/\(\?<?[=!]/.test(source)) return true;
  const all = new RegExp(source, `${flags.replace(/[gmy]/g, '')}m`);
  return !isQuick(all, [text.length]) || all.test(text);
}

function findHere(pattern: RegExp, texts: readonly string[]): Match | undefined {
  for (const [text, content] of texts.entries()) {
    const match = pattern.exec(content);
    if (match) return { text, from: match.index, to: match.index + match[0].length };
  }
  return undefined;
}

async function findThere(
  attempt: Attempt,
  milliseconds: number,
  late: () => Error,
): Promise<Match | undefined> {
  const thread = idle ?? (await started());
  idle = undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Match | undefined>();
  // Who listens keeps the process alive, and nothing waits for a pattern: a run that is interrupted ends at once.
  thread.once('message', resolve).once('error', reject).unref();
  // The time is the pattern's own: it begins when the thread is there.
  const timer = setTimeout(() => reject(late()), milliseconds).unref();
  thread.postMessage(attempt);
  try {
    const found = await promise;
    thread.off('error', reject);
    rest(thread);
    return found;
  } catch (error) {
    void thread.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function rest(thread: Worker): void {
  if (idle) return void thread.terminate();
  idle = thread;
  const end = () => {
    if (idle !== thread) return;
    idle = undefined;
    void thread.terminate();
  };
  setTimeout(end, STAYS).unref();
}

async function started(): Promise<Worker> {
  // What its parent was started with is not for it.
  const thread = new Worker(THREAD, { execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    thread.once('online', resolve).on('error', reject);
  });
  return thread;
}
