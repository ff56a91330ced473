/**
 * `control:` of a step: a world in which what the step shows is false. The steps of that world are put together and
 * read here like any others, so that nothing of a control is found wrong only when it is brought up.
 */
import { isMap, type Node, type Pair, YAMLMap } from 'yaml';
import { check, refuseKey } from './check.ts';
import { CLAIM } from './claim.ts';
import { CHANGES, type ControlForm, controlForm } from './control-form.ts';
import { changeHosts } from './host-change.ts';
import { nearest } from './nearest.ts';
import { type Page, type Place, refuse, whereIs } from './page.ts';
import { type Entry, entriesOf, placeOf, plain, readList, readMap } from './tree.ts';
import type { Control, Host, Step } from './types.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A step's node, and its number in the scenario. */
export interface Numbered {
  item: Node;
  index: number;
}

/** All the steps as they are written, and how they are read. */
export interface Script {
  page: Page;
  vocabulary: Vocabulary;
  hosts: ReadonlyMap<string, Host>;
  items: readonly Numbered[];
  /** Reads steps one after the other, as if they were all; what is wrong is noted on that page. */
  read(page: Page, items: readonly Numbered[], hosts: ReadonlyMap<string, Host>): Step[];
}

/** Each has the steps before it read once more. */
export const MOST_CONTROLS = 300;

/** The steps with their controls; what is wrong with them is noted on the page. */
export function readControls(script: Script, steps: Step[]): Step[] {
  const controlled = script.items.filter(({ item }) => controlAt(item));
  const tooMany = controlled[MOST_CONTROLS];
  if (!tooMany) return steps.map((step) => withControls(script, step));
  refuse(script.page, controlAt(tooMany.item)!.at, `more than ${MOST_CONTROLS} controls in one scenario`, {
    mend: 'write two scenarios',
  });
  return steps;
}

function controlAt(item: Node): Entry | undefined {
  return entriesOf(item).find(({ key }) => key === 'control');
}

function withControls(script: Script, step: Step): Step {
  const { page } = script;
  const node = script.items[step.index - 1]!.item;
  const entry = controlAt(node);
  if (!entry || !isMap(node)) return step;
  if (step.shows.length === 0) {
    refuse(page, entry.at, '`control` is for what a step shows, and this one shows nothing', {
      mend: 'write `shows: [C16]`, or leave `control` out',
    });
    return step;
  }
  const controls = partsOf(page, entry, step).flatMap(({ claims, part }) => {
    const form = check(page, controlForm, part.value, part.at, '`control`')?.value;
    return (form && readControl({ script, part, form, node, step, claims })) ?? [];
  });
  return controls.length > 0 ? { ...step, controls } : step;
}

/** One for all that the step shows, or one for each claim. */
function partsOf(page: Page, entry: Entry, { shows }: Step): { claims: string[]; part: Entry }[] {
  const inner = readMap(page, '`control`', entry.value, entry.at) ?? [];
  if (!inner.some(({ key }) => CLAIM.test(key)))
    return inner.length > 0 ? [{ claims: shows, part: entry }] : [];
  return inner.flatMap((part) => {
    if (shows.includes(part.key)) return [{ claims: [part.key], part }];
    if (CLAIM.test(part.key)) {
      refuse(page, part.at, `this step does not show ${part.key}`, {
        mend: 'add it to `shows`',
        allowed: shows,
      });
    } else refuseKey(page, part.at, part.key, shows, '`control`');
    return [];
  });
}

/** One control while it is read. */
interface Reading {
  script: Script;
  part: Entry;
  form: ControlForm;
  node: YAMLMap;
  step: Step;
  claims: string[];
}

function readControl(reading: Reading): Control | undefined {
  const { script, part, form, claims } = reading;
  const { page } = script;
  if (CHANGES.every((key) => !(key in form))) {
    refuse(page, part.at, 'this control changes nothing', {
      mend: 'say what makes it false',
      allowed: CHANGES,
    });
  }
  const hostsAt = inside(part, 'hosts');
  const hosts = hostsAt ? changeHosts(page, hostsAt, script.hosts) : script.hosts;
  const items = falseItems(reading);
  if (!items) return undefined;
  const steps = readFalse(reading, items, hosts);
  const { check: looked, found, why } = form.fails;
  return {
    claims,
    steps,
    ...(hostsAt && { hosts: [...hosts.values()] }),
    fails: { check: looked, found, ...(why !== undefined && { why }) },
    where: whereIs(page, part.at),
  };
}

/** The steps as they would be written in that world; undefined where they cannot be told. */
function falseItems(reading: Reading): Numbered[] | undefined {
  const { script, form, step } = reading;
  const left = [form.without ?? []].flat().map((name, at) => indexOf(reading, name, ['without', at]));
  const since = form.since === undefined ? step.index : indexOf(reading, form.since, ['since']);
  const [world, last] = [worldOf(reading), { item: laidOver(reading), index: step.index }];
  if (since === undefined || left.includes(undefined)) return undefined;
  const earlier = script.items.slice(0, step.index - 1).filter(({ index }) => !left.includes(index));
  const isBefore = ({ index }: Numbered) => index < since;
  return [...earlier.filter(isBefore), ...world, ...earlier.filter((one) => !isBefore(one)), last];
}

function worldOf({ script: { page }, part, step, form }: Reading): Numbered[] {
  const entry = inside(part, 'world');
  if (form.since !== undefined && !entry) {
    refuse(page, inside(part, 'since')!.at, '`since` goes with `world`', {
      mend: 'write the steps that are done then',
    });
  }
  if (!entry) return [];
  const items = readList(page, '`world`', entry.value, entry.at) ?? [];
  for (const { key, at } of items.flatMap((item) => entriesOf(item))) {
    if (key !== 'shows' && key !== 'control') continue;
    refuse(page, at, `a step of \`world\` has no \`${key}\``, { mend: 'leave it out' });
  }
  return items.map((item) => ({ item, index: step.index }));
}

/** The number of an earlier step by its name. */
function indexOf(
  { script: { page, items }, part, step }: Reading,
  name: string,
  path: (string | number)[],
): number | undefined {
  const named = items.slice(0, step.index - 1).flatMap(({ item, index }) => {
    const found = entriesOf(item).find(({ key }) => key === 'name');
    const text = found && plain(found.value);
    return typeof text === 'string' ? [{ text: text.trim(), index }] : [];
  });
  const found = named.findLast(({ text }) => text === name);
  if (found) return found.index;
  const meant = nearest(
    name,
    named.map(({ text }) => text),
  );
  const mend = meant ? `did you mean \`${meant}\`?` : 'give the name of one';
  refuse(page, placeOf(part.value, path, part.at), 'no earlier step has this name', { mend });
  return undefined;
}

/** The step's own map, without what it shows, and with the arguments that the control gives it. */
function laidOver({ script: { page, vocabulary }, part, node }: Reading): Node {
  const entry = inside(part, 'step');
  const allowed = ['at', 'before', 'do', ...vocabulary.steps.map(({ word }) => word)];
  const over = entry ? (readMap(page, '`step`', entry.value, entry.at) ?? []) : [];
  for (const { key, at } of over) {
    if (key === 'expect') {
      refuse(page, at, 'a control leaves what the step expects as it is', {
        mend: 'say what is found under `fails`',
      });
    } else if (!allowed.includes(key)) refuseKey(page, at, key, allowed, '`step`');
  }
  const kept = (node.items as Pair<Node, Node | null>[]).filter(
    ({ key }) => !['shows', 'control'].includes(String(plain(key))),
  );
  return mapOf(node, merged(kept, entry?.value));
}

function merged(own: Pair<Node, Node | null>[], over: Node | null | undefined): Pair<Node, Node | null>[] {
  const others = isMap(over) ? (over.items as Pair<Node, Node | null>[]) : [];
  const keyOf = ({ key }: Pair<Node, Node | null>) => String(plain(key));
  const rest = own.filter((pair) => !others.some((other) => keyOf(other) === keyOf(pair)));
  const laid = others.map((other) => {
    const mine = own.find((pair) => keyOf(pair) === keyOf(other))?.value;
    if (!isMap(mine) || !isMap(other.value)) return other;
    const pairs = merged(mine.items as Pair<Node, Node | null>[], other.value);
    return { ...other, value: mapOf(other.value, pairs) } as Pair<Node, Node | null>;
  });
  return [...rest, ...laid];
}

/** Stands where `place` stands. */
function mapOf(place: Node, pairs: Pair<Node, Node | null>[]): Node {
  const map = new YAMLMap<Node, Node | null>();
  map.items = pairs;
  map.range = place.range ?? null;
  return map as Node;
}

/** Reads them on a page of their own; what the scenario itself has wrong has been said. */
function readFalse(
  { script, part, step }: Reading,
  items: Numbered[],
  hosts: ReadonlyMap<string, Host>,
): Step[] {
  const { page } = script;
  const scratch: Page = { ...page, problems: [], settled: new Set() };
  const steps = script.read(scratch, items, hosts);
  const [start, end] = [part.at.range![0], part.value?.range?.[1] ?? 0];
  for (const found of scratch.problems) {
    const same = page.problems.some(
      ({ offset, message }) => offset === found.offset && message === found.message,
    );
    const { offset, length, message, mend, allowed } = found;
    const place: Place = [offset, offset + length];
    if (same) continue;
    if (offset >= start && offset < end) refuse(page, place, message, { mend, allowed });
    else {
      const what = found.where.line < step.where.line ? `step on line ${found.where.line}` : 'step itself';
      refuse(page, part.at, `in this world the ${what} is wrong: ${message}`, { mend, allowed });
    }
  }
  return steps;
}

function inside({ value }: Entry, wanted: string): Entry | undefined {
  return entriesOf(value).find(({ key }) => key === wanted);
}
