/**
 * YAML's traps. A scenario means the same to every reader of YAML, 1.1 or 1.2. Text that one of them would take for a number,
 * a date or a truth value goes in quotes.
 */
import { type Document, isScalar, type Pair, type ParsedNode, type Scalar, visit } from 'yaml';
import { type Page, refuse } from './page.ts';

/** How YAML 1.1 (PyYAML, Go's yaml.v2, Ruby) reads plain text that is text in YAML 1.2. */
const YAML_1_1: [RegExp, string][] = [
  [/^(?:yes|Yes|YES|on|On|ON|y|Y)$/, 'true'],
  [/^(?:no|No|NO|off|Off|OFF|n|N)$/, 'false'],
  [/^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/, 'a number in base 60'],
  [/^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$/, 'a date'],
  [/^[-+]?(?:0b[01_]+|0[xX][0-9a-fA-F_]+|\d[\d_]*)$/, 'a number'],
  [/^[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?$/, 'a number'],
  [/^=$/, 'a default value'],
];

/** A key of a fault. A reader of YAML 1.1 takes it for `true`, as it does in every workflow file that says `on:`. */
const ON = 'on';

/** Refuses duplicate and odd keys, merges, and plain text or numbers that two readers of YAML read differently. */
export function checkTraps(page: Page, document: Document.Parsed): void {
  visit(document, {
    Map(_, map) {
      checkDuplicates(page, map.items as Pair<ParsedNode, ParsedNode | null>[]);
    },
    Pair(_, pair) {
      checkKey(page, pair.key as ParsedNode);
    },
    Scalar(key, scalar) {
      if (key !== 'key') checkPlain(page, scalar);
    },
  });
}

function checkDuplicates(page: Page, pairs: readonly Pair<ParsedNode, ParsedNode | null>[]): void {
  const first = new Map<string, Scalar>();
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const before = first.get(name);
    if (!before) first.set(name, key);
    else {
      const line = page.lines.linePos(before.range?.[0] ?? 0).line;
      refuse(page, key, `the key \`${name}\` stands here twice`, {
        hint: `it is on line ${line} already`,
        settled: true,
      });
    }
  }
}

function checkKey(page: Page, key: ParsedNode): void {
  if (!isScalar(key)) {
    refuse(page, key, 'a key is a word, not a list or a map', { settled: true });
  } else if (key.value === '<<' && key.type === 'PLAIN') {
    refuse(page, key, 'a merge key (<<) cannot be used', { hint: 'write the keys out', settled: true });
  } else if (typeof key.value !== 'string') {
    const found = key.value === null ? 'nothing' : `a ${typeof key.value}`;
    refuse(page, key, `a key is text, and YAML reads this one as ${found}`, {
      hint: 'put it in quotes',
      settled: true,
    });
  } else if (key.value !== ON) checkPlain(page, key, 'or choose another word');
}

function checkPlain(page: Page, scalar: Scalar, instead?: string): void {
  const source = scalar.source ?? '';
  if (scalar.type !== 'PLAIN' || source === '') return;
  if (typeof scalar.value === 'number') checkNumber(page, scalar, source);
  if (typeof scalar.value !== 'string') return;
  const reading = YAML_1_1.find(([pattern]) => pattern.test(source))?.[1];
  if (reading) {
    const plain = ['true', 'false'].includes(reading) ? `or write ${reading}` : undefined;
    const hint = ['put it in quotes', instead ?? plain].filter(Boolean).join(', ');
    refuse(page, scalar, `YAML 1.1 reads \`${source}\` as ${reading}`, { hint, settled: true });
  }
}

function checkNumber(page: Page, scalar: Scalar, source: string): void {
  const hint = 'write it in decimal without a leading 0, or put it in quotes';
  if (/^[-+]?0[0-9o]/.test(source)) {
    refuse(page, scalar, `\`${source}\` is an octal number for some readers of YAML and not for others`, {
      hint,
      settled: true,
    });
  }
}
