/**
 * `EVENTS_FILE`: the same event lines that go to standard output, appended to a file, for a reader without
 * the container's log. The lines are evidence, so the program ends when the file takes no more.
 */
import { createWriteStream, openSync } from 'node:fs';
import { type Environment, StartError } from './environment.ts';
import { type EventLines, eventLines } from './event-lines.ts';

/** Bytes after which the file counts as full, as a disk would be. */
const LIMIT = 64 * 1024 * 1024;

/**
 * Undefined where `EVENTS_FILE` is not set. A file that cannot be opened is a {@link StartError}; `full` is called
 * once, with one line, when the file has its `limit` of bytes or cannot be written.
 */
export function eventsFile(
  env: Environment,
  full: (why: string) => void,
  limit = LIMIT,
): EventLines | undefined {
  const path = env.EVENTS_FILE;
  if (path === undefined || path === '') return undefined;
  const output = createWriteStream(path, { fd: opened(path), flags: 'a' });
  const lines = eventLines(output);
  let over = false;
  const stop = (reason: string) => {
    if (!over)
      full(
        `cannot write EVENTS_FILE ${path}: ${reason}. Start the program with an empty file, or with fewer EVENTS.`,
      );
    over = true;
  };
  output.on('error', (error) => stop(error.message));
  const takes = (): boolean => {
    if (!over && output.bytesWritten >= limit) stop(`it is full, it has its ${limit} bytes`);
    return !over;
  };
  return {
    event(event) {
      if (takes()) lines.event(event);
    },
    message(message) {
      if (takes()) lines.message(message);
    },
    flush: (milliseconds) => lines.flush(milliseconds),
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(
      `cannot open EVENTS_FILE ${path}: ${message}. Name a file that can be written, or leave EVENTS_FILE out.`,
      { cause: error },
    );
  }
}
