/** Advice that several tables give, and the values in it. */
import { flow } from '../hints/flow.ts';
import type { Say } from './synonym.ts';

/** The words of other tools for those of a link. */
const LINK_WORDS: Readonly<Record<string, string>> = {
  latency: 'delay',
  bandwidth: 'rate',
  speed: 'rate',
  slow: 'delay',
};
const LINK_VALUES: Readonly<Record<string, string>> = { rate: '10Mbit/s', delay: '20ms', jitter: '5ms' };

function linkWord(key: string): { word: string; value: string } {
  const word = LINK_WORDS[key] ?? (key === 'netem' || key === 'shape' ? 'delay' : key);
  return { word, value: LINK_VALUES[word] ?? '2%' };
}

/** For a word of a link that stands where no link is. */
export const IN_LINK: Say = ({ key }) => {
  const { word, value } = linkWord(key);
  return `put it under \`link\`: link: { ${word}: ${value} }`;
};

/** For a word of a link that stands where a fault is meant. */
export const IN_FAULT: Say = ({ key, names }) => {
  const { word, value } = linkWord(key);
  return `write fault: { ${word}: ${value}, on: [${names.host}, ${names.other}] }`;
};
export const PATIENT = 'leave it out: lanlab looks for it again and again; `within` says how long';

/** Seconds of `2s`, `2` or `500ms`; 2 where the value is not a time. */
export function seconds(value: unknown): number {
  const [, number, unit] =
    /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(typeof value === 'string' ? value : flow(value)) ?? [];
  if (number === undefined) return 2;
  return Number(number) * { ms: 0.001, s: 1, m: 60 }[unit ?? 's']!;
}

/** `2s` */
export function time(value: unknown): string {
  const found = seconds(value);
  return found < 1 ? `${Math.round(found * 1000)}ms` : `${found}s`;
}
