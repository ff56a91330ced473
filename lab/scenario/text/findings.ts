/** zod's issues with a node, as findings: where, what, what is allowed, the hint. */
import { isMap, isScalar, type Node } from 'yaml';
import type { z } from 'zod';
import { show } from '../../model/reading.ts';
import type { Names } from '../../wire/lines/hint.ts';
import { flow, LONGEST_FORM, pair } from '../hints/flow.ts';
import { type Asked, formOf, isMap as isPlainMap, meantBy } from '../hints/form.ts';
import { keysAt, schemaAt, takesPlain } from '../hints/schema-keys.ts';
import { hintFor, meantKey, renamed, tablesFor, valueHint } from '../hints/unknown-word.ts';
import type { SynonymLevel as Level, Synonyms } from '../synonyms/synonym.ts';
import type { Place, RefuseOptions } from './page.ts';
import type { Part } from './part.ts';
import { describe, entriesOf, keyAt, nodeAt, type Path, partOf, placeOf, plain } from './tree.ts';
import { bound, hintForType, kindOf, sizeOf } from './zod-words.ts';

type Issue = z.core.$ZodIssue;

export interface Finding {
  place: Place;
  message: string;
  options: RefuseOptions;
}

/** The facts from which the advice of a finding is made. */
export interface Advice {
  /** The place of these keys, for the words that others have for them. */
  level?: Level | undefined;
  /** The word that the keys stand under, where it has keys of its own. */
  word?: string | undefined;
  /** A value that is right. */
  example?: unknown;
  /** As in Asked. */
  sound?: Asked['sound'];
  /** The whole schema, where `schema` leaves a part of the value to be read elsewhere. */
  form?: z.ZodType | undefined;
}

export interface Checked extends Advice {
  schema: z.ZodType;
  root: Node | null;
  /** The key that the value stands at: where to point, when there is no value. */
  at: Node;
  /** The name of the value in messages. */
  what: string;
  names: Names;
}

/** All of zod's issues about one value, without those that follow from another. */
export function allFindings(checked: Checked, issues: readonly Issue[], base: Path = []): Finding[] {
  const slips = issues.filter((issue) => issue.code === 'unrecognized_keys');
  return issues
    .filter((issue) => !slips.some((slip) => followsFrom(checked, issue, slip, base)))
    .flatMap((issue) => findingsOf(checked, issue, base));
}

/** Whether an issue follows from a mistyped key: the right key is missing then, and a rule of the whole map fails. */
function followsFrom(
  checked: Checked,
  issue: Issue,
  slip: z.core.$ZodIssueUnrecognizedKeys,
  base: Path,
): boolean {
  const absent = issue.path.length > 0 && nodeAt(checked.root, [...base, ...issue.path]) === undefined;
  const parent = absent ? issue.path.slice(0, -1) : issue.path;
  if (issue === slip || parent.join('\0') !== slip.path.join('\0')) return false;
  if (!absent) return issue.code === 'custom';
  const path = [...base, ...parent];
  // Where no key of a map is known, another form was meant; the message says that.
  if (slip.keys.length === entriesOf(nodeAt(checked.root, path)).length) return true;
  const allowed = keysAt(checked.schema, path);
  const synonyms = synonymsAt(checked, path);
  return slip.keys.some((key) => meantKey(key, allowed, synonyms)?.key === issue.path.at(-1));
}

/** The tables of words that others have for the keys at a path. */
function synonymsAt({ level, word }: Checked, path: Path): Synonyms[] {
  const under = path.findLast((step) => typeof step === 'string');
  const inner = level === 'host' || level === 'network' ? undefined : 'arguments';
  return path.length === 0 ? tablesFor(level, word) : tablesFor(inner, (under as string | undefined) ?? word);
}

/** The schema at a path, with an example of a right value. */
function askedAt({ schema, form = schema, example, sound }: Checked, path: Path): Asked {
  let shown = example;
  for (const step of path) shown = (shown as Record<PropertyKey, unknown> | null | undefined)?.[step];
  const whole = path.length === 0 && sound ? { sound } : {};
  return { schema: schemaAt(form, path), example: shown, ...whole };
}

/** The key that a value is written behind; undefined for an entry of a list. */
function keyText({ at, word }: Checked, path: Path): string | undefined {
  const last = path.at(-1);
  if (typeof last === 'string') return last;
  if (last !== undefined) return undefined;
  return word ?? (isScalar(at) ? String(at.value) : undefined);
}

/** A hint with the right form, made from what was written. */
function formHint(checked: Checked, path: Path): string | undefined {
  const form = formOf(keyText(checked, path), plain(nodeAt(checked.root, path)), askedAt(checked, path));
  return form === undefined ? undefined : `write ${form}`;
}

/** One issue; a union's may be several findings. */
function findingsOf(checked: Checked, issue: Issue, base: Path = []): Finding[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(checked, path, issue.keys);
    case 'invalid_union':
      return ofUnion(checked, issue, path);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => ofElement(checked, inner, path));
    default:
      return [ofValue(checked, issue, path)];
  }
}

/** A problem with a key that the author chose: the finding points at the key. */
function ofElement(checked: Checked, inner: Issue, path: Path): Finding[] {
  const place = keyAt(checked.root, path);
  const whole = inner.code === 'custom' ? { ...inner, params: { ...inner.params, part: undefined } } : inner;
  return findingsOf(checked, { ...whole, path: [] }, path).map((found) =>
    place ? pointed({ ...found, place }, inner) : found,
  );
}

/** A key that is not known here, with the hint that corrects it. */
export function unknownKey(
  place: Place,
  key: string,
  allowed: readonly string[],
  what: string,
  hint: string | undefined,
): Finding {
  return { place, message: `no key \`${key}\` in ${what}`, options: { hint, allowed } };
}

function unknownKeys(checked: Checked, path: Path, keys: readonly string[]): Finding[] {
  const allowed = keysAt(checked.schema, path);
  const synonyms = synonymsAt(checked, path);
  const node = plain(nodeAt(checked.root, path));
  const around = isPlainMap(node) ? node : {};
  const whole = renamed(around, askedAt(checked, path).schema, synonyms);
  if (whole) return allRenamed(checked, path, keys, whole);
  const form = (key: string, value: unknown) =>
    formOf(key, value, askedAt(checked, [...path, key])) ?? `${key}: …`;
  const strange = keys.length === Object.keys(around).length;
  return keys.flatMap((key, index) => {
    const place = keyAt(checked.root, [...path, key]);
    const written = { key, value: around[key], around, names: checked.names, form };
    const known = hintFor(written, allowed, synonyms);
    const hint = known ?? (strange && index === 0 ? exampleHint(checked, path) : undefined);
    return place ? [unknownKey(place, key, allowed, labelOf(checked, path), hint)] : [];
  });
}

/** The example of a map of which no key is known. */
function exampleHint(checked: Checked, path: Path): string | undefined {
  const { example } = askedAt(checked, path);
  const key = keyText(checked, path);
  if (!isPlainMap(example) && !Array.isArray(example)) return undefined;
  return `write ${key === undefined ? flow(example) : pair(key, example)}`;
}

/** Every unknown key has another name here: one message shows the whole map in its right form. */
function allRenamed(
  checked: Checked,
  path: Path,
  keys: readonly string[],
  whole: Record<string, unknown>,
): Finding[] {
  const key = keyText(checked, path);
  const text = key === undefined ? flow(whole) : pair(key, whole);
  const changed = Object.fromEntries(
    Object.entries(whole).filter(([one, value]) => plain(nodeAt(checked.root, [...path, one])) !== value),
  );
  const hint = `write ${text.length <= LONGEST_FORM ? text : flow(changed)}`;
  const names = keys.map((one) => `\`${one}\``).join(', ');
  const message = `no ${keys.length === 1 ? 'key' : 'keys'} ${names} in ${labelOf(checked, path)}`;
  const place = keyAt(checked.root, [...path, keys[0]!]) ?? checked.at;
  const settles = Object.keys(changed).flatMap((one) => nodeAt(checked.root, [...path, one]) ?? []);
  return [{ place, message, options: { hint, settles, allowed: keysAt(checked.schema, path) } }];
}

/** The findings of one branch of a union: the branch that the author most likely meant. */
function ofUnion(checked: Checked, issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding[] {
  const near = issue.errors.filter((issues) => !issues.some((inner) => isOther(inner)));
  const node = nodeAt(checked.root, path);
  const known = isMap(node) && near.length !== 1 ? keysAt(checked.schema, path) : [];
  if (known.length > 0) {
    const keys = Object.keys(plain(node) as object);
    const unknown = keys.filter((key) => !known.includes(key));
    if (unknown.length > 0) return unknownKeys(checked, path, unknown);
    if (keys.length === 0)
      return [say(checked, path, `${labelOf(checked, path)} is empty`, { allowed: known })];
  }
  const best = near.toSorted((a, b) => weight(a) - weight(b))[0];
  return best ? allFindings(checked, best, path) : [ofKinds(checked, issue, path)];
}

/** Whether the value is of another kind than this branch of a union takes. */
function isOther(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** How far a branch is from what was written: a key too many or too few says more than a wrong value. */
function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + weightOf(issue), 0);
}

function weightOf(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length * 2;
  if (isMissing(issue)) return 3;
  return issue.path.length === 0 ? 4 : 1;
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'custom'
    ? issue.params?.missing === true
    : / received undefined$/.test(issue.message);
}

/** No branch takes this kind of value: name all the kinds and words that would do. */
function ofKinds(checked: Checked, issue: z.core.$ZodIssueInvalidUnion, path: Path): Finding {
  const flat = issue.errors.flat();
  const kinds = flat.flatMap((inner) => (inner.code === 'invalid_type' ? [kindOf(inner.expected)] : []));
  const words = flat.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const node = nodeAt(checked.root, path);
  if (node === undefined && path.length > 0) return missing(checked, path);
  if (!isZodsOwn(issue)) return say(checked, path, issue.message, { hint: formHint(checked, path) });
  if (words.length > 0) return choice(checked, path, [...words, ...kinds]);
  const takes = [...new Set(kinds)].join(' or ') || 'something else';
  const text = flat.some((inner) => inner.code === 'invalid_type' && inner.expected === 'string');
  const isNumber = isScalar(node) && typeof node.value === 'number';
  const hint = (text && isNumber ? hintForType('string', node) : undefined) ?? formHint(checked, path);
  return say(checked, path, `${labelOf(checked, path)} takes ${takes}, found ${describe(node)}`, { hint });
}

function ofValue(checked: Checked, issue: Issue, path: Path): Finding {
  const node = nodeAt(checked.root, path);
  const label = labelOf(checked, path);
  if (node === undefined && path.length > 0) return missing(checked, path);
  if (issue.code !== 'custom' && !isZodsOwn(issue))
    return say(checked, path, issue.message, { hint: formHint(checked, path) });
  switch (issue.code) {
    case 'custom':
      return pointed(
        say(checked, path, issue.message, ofCustom(checked, path, optionsOf(issue.params))),
        issue,
      );
    case 'invalid_type': {
      const found = `${label} takes ${kindOf(issue.expected)}, found ${describe(node)}`;
      const quotes = issue.expected === 'string' ? hintForType('string', node) : undefined;
      const hint = quotes ?? formHint(checked, path) ?? hintForType(issue.expected, node);
      return say(checked, path, found, { hint });
    }
    case 'invalid_value':
      return choice(checked, path, issue.values.map(String));
    case 'too_small':
    case 'too_big':
      return say(checked, path, `${label} ${bound(issue)}, found ${sizeOf(issue.origin, node)}`, {
        hint: issue.origin === 'array' ? formHint(checked, path) : undefined,
      });
    default:
      return say(checked, path, `${label} is wrong: ${issue.message}`);
  }
}

/** Where a list or a map stands in place of a plain value, the hint shows the value in it. */
function ofCustom(checked: Checked, path: Path, options: RefuseOptions): RefuseOptions {
  const node = nodeAt(checked.root, path);
  const asked = askedAt(checked, path);
  if (isScalar(node) || !node || !takesPlain(asked.schema)) return options;
  const meant = meantBy(plain(node), asked);
  const key = keyText(checked, path);
  if (meant === undefined || typeof meant === 'object') return options;
  return { ...options, hint: `write ${key === undefined ? flow(meant) : pair(key, meant)}` };
}

function optionsOf(params: Record<string, unknown> = {}): RefuseOptions {
  return {
    hint: params.hint as RefuseOptions['hint'],
    allowed: params.allowed as readonly string[] | undefined,
  };
}

/** The finding at the part of a text that the issue is about, or with its column in words. */
function pointed(found: Finding, issue: Issue): Finding {
  const part = issue.code === 'custom' ? (issue.params?.part as Part | undefined) : undefined;
  if (!part) return found;
  const place = partOf(found.place, part);
  return place ? { ...found, place } : { ...found, message: `${found.message} (column ${part.from + 1})` };
}

/** Whether the message is zod's own, not one that the word's author wrote. */
function isZodsOwn(issue: Issue): boolean {
  return /^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(issue.message);
}

function missing(checked: Checked, path: Path): Finding {
  const parent = path.slice(0, -1);
  const allowed = keysAt(checked.schema, parent);
  return {
    place: keyOf(checked, parent),
    message: `${labelOf(checked, parent)} needs the key \`${String(path.at(-1))}\``,
    options: { allowed: allowed.length > 1 ? allowed : undefined },
  };
}

function choice(checked: Checked, path: Path, words: readonly string[]): Finding {
  const node = nodeAt(checked.root, path);
  const value = isScalar(node) && node.value !== null ? show(node.value) : describe(node);
  const known = isScalar(node)
    ? valueHint(keyText(checked, path), node.value, words, checked.names)
    : undefined;
  const hint = known ?? (isScalar(node) && node.value !== null ? undefined : formHint(checked, path));
  return say(checked, path, `${labelOf(checked, path)} cannot be ${value}`, {
    hint,
    allowed: words,
  });
}

function say(checked: Checked, path: Path, message: string, options: RefuseOptions = {}): Finding {
  return { place: placeOf(checked.root, path, checked.at), message, options };
}

/** The key that a path's value stands at; for an entry of a list the entry. */
function keyOf(checked: Checked, path: Path): Node {
  if (path.length === 0) return checked.at;
  return keyAt(checked.root, path) ?? nodeAt(checked.root, path) ?? checked.at;
}

/** `to`, or entry 2 of `do`, as a message calls the thing at a path. */
function labelOf(checked: Checked, path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return checked.what;
  if (typeof last === 'number') return `entry ${last + 1} of ${labelOf(checked, path.slice(0, -1))}`;
  return `\`${String(last)}\``;
}
