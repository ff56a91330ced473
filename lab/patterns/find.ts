/**
 * Tries a pattern of the user's so that it can never hold up the run. A pattern that may take long is tried in a thread of
 * its own, and the thread is ended when the time is over.
 */
import { Worker } from 'node:worker_threads';
import { isQuick } from './cost.ts';
import { SlowPattern } from './slow-pattern.ts';
import type { Attempt, Match } from './thread.ts';

/** Milliseconds that a pattern has at least, also where the step's time is over. */
const LEAST = 1_000;

/** Beside this file, whether it was compiled or not. */
const THREAD = new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url);

/** Milliseconds for which a thread waits for its next pattern, which then need not wait for a new thread. */
const STAYS = 5_000;

/** The thread that is free for the next attempt. A second free thread is ended. */
let idle: Worker | undefined;

/** The first match of the pattern in these texts. Throws SlowPattern after `giveUp` milliseconds, at least after 1 s. */
export async function findIn(
  pattern: RegExp,
  texts: readonly string[],
  giveUp: number,
): Promise<Match | undefined> {
  // With `g` or `y` the pattern has a state, and the thread would have another one.
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

/** The same in one text. */
export function find(pattern: RegExp, text: string, giveUp: number): Promise<Match | undefined> {
  return findIn(pattern, [text], giveUp);
}

/** Whether a line of these texts matches. Throws SlowPattern. */
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
 * A match in a line is a match in its text too, where `^` and `$` stand for ends of lines. A pattern that looks at the
 * characters around its match is an exception. One search in a long text replaces a search in each of its lines.
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
  // A thread with listeners keeps the process alive. `unref` undoes that, so that an interrupted run ends at once.
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
  // The thread does not get the options with which this process was started.
  const thread = new Worker(THREAD, { execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    thread.once('online', resolve).on('error', reject);
  });
  return thread;
}
