/** A reader of TAP version 14 that refuses every line which the protocol does not know. */
import { parse } from 'yaml';

export interface Point {
  ok: boolean;
  number: number;
  description: string;
  skip?: string;
  facts: Record<string, unknown>;
  subtest?: Tap;
}

export interface Tap {
  plan: number;
  points: Point[];
  bailOut?: string;
}

const POINT = /^(not )?ok (\d+) - ((?:[^\\#]|\\[\\#])*?)(?: # SKIP (.*))?$/;
const plain = (text: string) => text.replaceAll(/\\([\\#])/g, '$1');

export function readTap(text: string): Tap {
  const [version, ...lines] = text.trimEnd().split('\n');
  if (version !== 'TAP version 14') throw new Error(`not a version: ${version}`);
  return readLines(lines);
}

function readLines(lines: string[]): Tap {
  const tap: Tap = { plan: -1, points: [] };
  let inside: string[] = [];
  let facts: string[] | undefined;
  for (const line of lines) {
    const point = POINT.exec(line);
    if (facts) {
      if (line === '  ...') {
        tap.points.at(-1)!.facts = parse(facts.join('\n'));
        facts = undefined;
      } else if (line.startsWith('  ')) facts.push(line.slice(2));
      else throw new Error(`outside the diagnostics: ${line}`);
    } else if (line === '  ---') facts = [];
    else if (line.startsWith('    ')) inside.push(line.slice(4));
    else if (point) {
      tap.points.push({ ...pointOf(point), ...(inside.length > 0 && { subtest: readLines(inside) }) });
      inside = [];
    } else if (/^1\.\.\d+$/.test(line) && tap.plan < 0) tap.plan = Number(line.slice(3));
    else if (line.startsWith('Bail out! ')) tap.bailOut = plain(line.slice('Bail out! '.length));
    else if (!line.startsWith('# Subtest: ')) throw new Error(`no line of TAP: ${line}`);
  }
  if (facts || inside.length > 0) throw new Error('something has no end');
  return tap;
}

function pointOf([, not, number, description, skip]: RegExpExecArray): Point {
  return {
    ok: not === undefined,
    number: Number(number),
    description: plain(description!),
    ...(skip !== undefined && { skip: plain(skip) }),
    facts: {},
  };
}
