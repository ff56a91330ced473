/** The thread in which patterns are tried. A pattern may take for ever, so the thread can be ended. */
import { parentPort } from 'node:worker_threads';

/** A pattern as RegExp takes it, and the texts that it is tried on. */
export interface Attempt {
  source: string;
  flags: string;
  texts: readonly string[];
}

/** The first match: in which text, and from where to where in it (UTF-16 units). */
export interface Match {
  text: number;
  from: number;
  to: number;
}

parentPort?.on('message', ({ source, flags, texts }: Attempt) => {
  const pattern = new RegExp(source, flags);
  let found: Match | undefined;
  for (const [text, content] of texts.entries()) {
    const match = pattern.exec(content);
    if (!match) continue;
    found = { text, from: match.index, to: match.index + match[0].length };
    break;
  }
  parentPort?.postMessage(found);
});
