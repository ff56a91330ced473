/** A test of a number, as a line writes it after a field's name: `=63`, `>=5`, `=60..64`, `=+1`. */
import type { Comparison, NumberTest } from './line.ts';

const NUMBER = /^(\+?)(\d{1,15})$/;

/** `sign` is the sign between the name and `text`; undefined where `text` is not a number. */
export function readNumber(sign: Comparison, text: string): NumberTest | undefined {
  const [from, to, ...more] = text.split('..').map((part) => NUMBER.exec(part));
  if (!from || more.length > 0) return undefined;
  const relative = from[1] === '+';
  if (to === undefined) return { relative, test: sign, value: Number(from[2]) };
  if (!to || sign !== '=' || (to[1] === '+') !== relative) return undefined;
  return { relative, test: '..', from: Number(from[2]), to: Number(to[2]) };
}

export function numberHolds(wanted: NumberTest, found: number): boolean {
  switch (wanted.test) {
    case '=':
      return found === wanted.value;
    case '<':
      return found < wanted.value;
    case '<=':
      return found <= wanted.value;
    case '>':
      return found > wanted.value;
    case '>=':
      return found >= wanted.value;
    case '..':
      return found >= wanted.from && found <= wanted.to;
    default:
      return wanted satisfies never;
  }
}

/** The form after the field's name: `=63`. */
export function printNumber(wanted: NumberTest): string {
  const plus = wanted.relative ? '+' : '';
  if (wanted.test === '..') return `=${plus}${wanted.from}..${plus}${wanted.to}`;
  return `${wanted.test}${plus}${wanted.value}`;
}

/** For a sentence: `63`, `at least 5`, `60 to 64`. */
export function sayNumber(wanted: NumberTest): string {
  const plus = wanted.relative ? '+' : '';
  if (wanted.test === '..') return `${plus}${wanted.from} to ${plus}${wanted.to}`;
  const says = { '=': '', '<': 'less than ', '<=': 'at most ', '>': 'more than ', '>=': 'at least ' };
  return `${says[wanted.test]}${plus}${wanted.value}`;
}
