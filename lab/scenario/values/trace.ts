/** A trace of delivery opportunities in a file beside the scenario, in the plain text form of mahimahi: a time on each line. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FASTEST, OPPORTUNITY, type Trace } from '../../model/link.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import { folderOfScenario } from './beside.ts';

/** Bytes of the largest file, and lines of the longest one. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_LINES = 500_000;

const FORM =
  'each line of a trace is a whole number of milliseconds, and no line is less than the one before it';

export interface ReadTrace {
  trace: Trace;
  /** Bits a second on average. */
  bits: number;
}

function readTrace(input: unknown): ReadTrace | Wrong {
  if (typeof input !== 'string' || input === '')
    return new Wrong(`${show(input)} is not the path of a trace`, 'write trace: ./lte.trace');
  const path = resolve(folderOfScenario(), input);
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return new Wrong(`${show(input)} is not a file`, 'name a file that holds a trace');
    if (stat.size > MOST_BYTES)
      return new Wrong(`${show(input)} has ${stat.size} bytes`, `a trace may have ${MOST_BYTES} (4MiB)`);
    return traceOf(input, readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EACCES: 'you may not read it' }[code] ?? message;
    return new Wrong(
      `cannot read ${show(input)}: ${why}`,
      'the path is relative to the folder of the scenario',
    );
  }
}

export function traceOf(file: string, text: string): ReadTrace | Wrong {
  const lines = text.replace(/\n$/, '').split('\n');
  if (text === '') return new Wrong(`${show(file)} is empty`, FORM);
  if (lines.length > MOST_LINES)
    return new Wrong(`${show(file)} has ${lines.length} lines`, `a trace may have ${MOST_LINES}`);
  const at: number[] = [];
  for (const [index, line] of lines.entries()) {
    const written = line.replace(/\r$/, '');
    const wrong = (why: string) => new Wrong(`line ${index + 1} of ${show(file)} ${why}`, FORM);
    if (written === '') return wrong('is empty');
    if (!/^\d{1,9}$/.test(written)) return wrong(`is ${show(written.slice(0, 40))}`);
    const time = Number(written);
    const before = at.at(-1) ?? 0;
    if (time < before) return wrong(`is ${time}, less than ${before} before it`);
    at.push(time);
  }
  const period = at.at(-1)!;
  if (period === 0)
    return new Wrong(
      `${show(file)} lasts no time: its last line is 0`,
      'the last line says how long the trace lasts',
    );
  const bits = (at.length * OPPORTUNITY * 8 * 1000) / period;
  if (bits > FASTEST)
    return new Wrong(
      `${show(file)} lets ${Math.round(bits / 1e6)} Mbit/s through on average, and a cable carries ${FASTEST / 1e6}`,
      'use a trace with fewer lines for the same time',
    );
  return { trace: { file, at }, bits };
}

export const trace = reading(readTrace, {
  title: 'trace',
  type: 'string',
  description: 'The path of a trace, relative to the folder of the scenario.',
});
