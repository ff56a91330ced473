/** Advice that several tables give, and the values in it. */
import { flow } from '../hints/flow.ts';
import type { Say, Written } from './synonym.ts';

export const NOT_SHAPED: Say = ({ names }) =>
  `lanlab cuts cables and does not slow them: leave it out, or write fault: { cut: [${names.host}, ${names.other}], as: gap }`;
export const PATIENT = 'leave it out: lanlab looks for it again and again; `within` says how long';

/** Seconds of `2s`, `2` or `500ms`; two where it is no time. */
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

/** `"curl -sf http://web/"` for what names a page, and else the text itself. */
export function curl({ value, names }: Written): string {
  const map = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  const url = map.find((one) => typeof one === 'string' && one.includes('/')) ?? `http://${names.other}/`;
  return `exec: ${flow(`curl -sf ${url}`)}`;
}
