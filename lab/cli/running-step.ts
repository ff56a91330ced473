/**
 * The step that is running, on the last line of a terminal, with its seconds, so that a long step does not look
 * frozen. Where standard error is not a terminal, nothing is written.
 */

import type { BeginningStep } from '../outcomes/step-result.ts';
import { painter } from '../reports/paint.ts';
import { cut, oneLine } from '../reports/printable.ts';
import { shownOn } from './say.ts';
import { coloured } from './terminal.ts';

/** Milliseconds: a step that is over sooner is not shown, and the seconds are counted in these. */
const SECOND = 1_000;

/** Back to the first column, and the line is empty (ECMA-48: CR, EL). */
const CLEAR = '\r\x1b[2K';
/** Without a wrap, text wider than the terminal does not go on in a second line, where CLEAR would leave it (DECAWM). */
const [NO_WRAP, WRAP] = ['\x1b[?7l', '\x1b[?7h'];

export interface RunningStep extends Disposable {
  begins(step: BeginningStep): void;
  /** Frees the line for the next output. */
  over(): void;
}

export function showRunningStep(stream: NodeJS.WriteStream = process.stderr): RunningStep {
  let timer: NodeJS.Timeout | undefined;
  let shown = false;
  const over = () => {
    clearInterval(timer);
    if (shown) stream.write(CLEAR);
    shown = false;
  };
  return {
    begins: (step) => {
      over();
      if (!stream.isTTY) return;
      const began = performance.now();
      timer = setInterval(() => {
        const seconds = Math.floor((performance.now() - began) / SECOND);
        stream.write(CLEAR + NO_WRAP + shownOn(stream, line(step, seconds, stream)) + WRAP);
        shown = true;
      }, SECOND).unref();
    },
    over,
    [Symbol.dispose]: over,
  };
}

/** `…  3 bob waits (running for 12 s)`: a step's first line, as it will stand in the report. */
function line({ index, name }: BeginningStep, seconds: number, stream: NodeJS.WriteStream): string {
  const aside = `(running for ${seconds} s)`;
  const head = `… ${String(index).padStart(2)} ${oneLine(name)}`;
  const room = (stream.columns || 80) - aside.length - 1;
  return `${cut(head, Math.max(8, room))} ${painter({ colour: coloured(stream) })('dim', aside)}`;
}
