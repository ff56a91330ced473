/** Programs as the service `lab` knows them: by their lines on the volume of events. */
import type { ProgramOutput, RunningProgram } from '../engine.ts';
import { tail } from './tail.ts';
import { never } from './unsupported.ts';

export interface HeardProgram extends RunningProgram, AsyncDisposable {}

/** Milliseconds in which the lines of a later start would follow those of a failed start. */
const LAST_WORD = 200;

/** A program that cannot start writes `failed` there. Only Docker knows how a program ends later. */
export function hear(path: string, output: ProgramOutput): HeardProgram {
  const { promise: ended, resolve } = Promise.withResolvers<{ exit: number; signal: null }>();
  let last: NodeJS.Timeout | undefined;
  const listening = tail(path, (line) => {
    clearTimeout(last);
    output.stdout(line);
    const failure = failureIn(line);
    if (failure === undefined) return;
    output.stderr(failure);
    last = setTimeout(resolve, LAST_WORD, { exit: 1, signal: null });
  });
  return {
    ended,
    signal: refuseSignal,
    byEngine: true,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

function failureIn(line: string): string | undefined {
  if (!line.includes('"event":"failed"')) return undefined;
  return String((JSON.parse(line) as { text?: unknown }).text);
}

/** Nothing is heard of a program that is not ours: its words are in the log of its container. */
export function unheard(): RunningProgram {
  return { ended: new Promise(() => {}), signal: refuseSignal, byEngine: true };
}

export async function refuseSignal(): Promise<never> {
  throw never('signals');
}
