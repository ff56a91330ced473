/**
 * `control:` of a step: a world in which the step's claim is false. The steps of that world are put together and read here
 * like any others, so that no mistake in a control is found only when the world is brought up.
 */
import { isMap, type Node, type YAMLMap } from 'yaml';
import type { Control, Step } from '../../model/types.ts';
import { nearest } from '../hints/nearest.ts';
import { check, refuseKey } from '../text/check.ts';
import { type Page, type Place, refuse, whereIs } from '../text/page.ts';
import { type Entry, entriesOf, placeOf, plain, readList, readMap } from '../text/tree.ts';
import type { Topology } from '../topology/topology.ts';
import { laidOver, mapOf, pairsOf, textOf } from '../values/lay-over.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { CHANGES, type ControlForm, controlForm } from './control-form.ts';
import { type ControlPart, controlParts } from './control-parts.ts';

/** A step's node, and its number in the scenario. */
export interface Numbered {
  item: Node;
  index: number;
}

/** All the steps as they are written, and how they are read. */
export interface Script {
  page: Page;
  vocabulary: Vocabulary;
  topology: Topology;
  items: readonly Numbered[];
  /** Reads all hosts with some changed; problems are noted on that page. */
  changed(page: Page, hosts: Entry): Topology;
  /** Reads steps one after the other, as if there were no others; problems are noted on that page. */
  read(page: Page, items: readonly Numbered[], topology: Topology): Step[];
}

/** The most controls of a scenario: for each of them, the steps before it are read once more. */
export const MOST_CONTROLS = 300;

/** The steps with their controls; problems are noted on the page. */
export function readControls(script: Script, steps: Step[]): Step[] {
  const { page, items } = script;
  const parts = steps.map((step) => partsAt(page, items[step.index - 1]!.item, step));
  const tooMany = parts.flat()[MOST_CONTROLS];
  if (!tooMany) return steps.map((step, at) => withControls(script, step, parts[at]!));
  refuse(page, tooMany.part.at, `more than ${MOST_CONTROLS} controls in one scenario`, {
    hint: 'write two scenarios',
  });
  return steps;
}

function partsAt(page: Page, item: Node, { shows }: Step): ControlPart[] {
  const entry = entriesOf(item).find(({ key }) => key === 'control');
  if (!entry) return [];
  if (shows.length > 0) return controlParts(page, entry, shows);
  refuse(page, entry.at, '`control` is for the claims of a step, and this step shows none', {
    hint: 'write `shows: [C16]`, or leave `control` out',
  });
  return [];
}

function withControls(script: Script, step: Step, parts: readonly ControlPart[]): Step {
  const node = script.items[step.index - 1]!.item;
  if (!isMap(node)) return step;
  const controls = parts.flatMap(({ claims, part }) => {
    const form = check(script.page, controlForm, part.value, part.at, '`control`')?.value;
    return (form && readControl({ script, part, form, node, step, claims })) ?? [];
  });
  return controls.length > 0 ? { ...step, controls } : step;
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
      hint: 'say what makes it false',
      allowed: CHANGES,
    });
  }
  const hostsAt = inside(part, 'hosts');
  const topology = hostsAt ? changedHosts(reading, hostsAt) : script.topology;
  const items = falseItems(reading);
  if (!items) return undefined;
  const steps = readFalse(reading, (scratch) => script.read(scratch, items, topology));
  const { check: looked, found, why } = form.fails;
  return {
    claims,
    steps,
    ...(hostsAt && { hosts: [...topology.hosts.values()] }),
    fails: { check: looked, found, ...(why !== undefined && { why }) },
    where: whereIs(page, part.at),
  };
}

/** The steps as they would be written in that world; undefined where they cannot be found. */
function falseItems(reading: Reading): Numbered[] | undefined {
  const { script, form, step } = reading;
  const left = [form.without ?? []].flat().map((name, at) => indexOf(reading, name, ['without', at]));
  const since = form.since === undefined ? step.index : indexOf(reading, form.since, ['since']);
  const [world, last] = [worldOf(reading), { item: changedStep(reading), index: step.index }];
  if (since === undefined || left.includes(undefined)) return undefined;
  const earlier = script.items.slice(0, step.index - 1).filter(({ index }) => !left.includes(index));
  const isBefore = ({ index }: Numbered) => index < since;
  return [...earlier.filter(isBefore), ...world, ...earlier.filter((one) => !isBefore(one)), last];
}

function worldOf({ script: { page }, part, step, form }: Reading): Numbered[] {
  const entry = inside(part, 'world');
  if (form.since !== undefined && !entry) {
    refuse(page, inside(part, 'since')!.at, '`since` goes with `world`', {
      hint: 'write the steps that are done then',
    });
  }
  if (!entry) return [];
  const items = readList(page, '`world`', entry.value, entry.at) ?? [];
  for (const { key, at } of items.flatMap((item) => entriesOf(item))) {
    if (key !== 'shows' && key !== 'control') continue;
    refuse(page, at, `a step of \`world\` has no \`${key}\``, { hint: 'leave it out' });
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
  const hint = meant ? `did you mean \`${meant}\`?` : 'give the name of one';
  refuse(page, placeOf(part.value, path, part.at), 'no earlier step has this name', { hint });
  return undefined;
}

/** All hosts as they are in that world. */
function changedHosts(reading: Reading, entry: Entry): Topology {
  const { page, topology, changed } = reading.script;
  const known = [...topology.hosts.keys()];
  if (known.length === 0) return topology;
  for (const { key, at, value } of readMap(page, '`hosts`', entry.value, entry.at) ?? []) {
    if (topology.hosts.has(key)) {
      readMap(page, `host \`${key}\``, value, at);
      continue;
    }
    const meant = nearest(key, known);
    const hint = meant ? `did you mean \`${meant}\`?` : undefined;
    refuse(page, at, `no host \`${key}\``, { hint, allowed: known });
  }
  return readFalse(reading, (scratch) => changed(scratch, entry));
}

/** The step's own map, without what it shows, and with the arguments that the control gives it. */
function changedStep({ script: { page, vocabulary }, part, node }: Reading): Node {
  const entry = inside(part, 'step');
  const allowed = ['at', 'before', 'do', ...vocabulary.steps.map(({ word }) => word)];
  const over = entry ? (readMap(page, '`step`', entry.value, entry.at) ?? []) : [];
  for (const one of over) {
    const { key, at } = one;
    if (key === 'expect') {
      refuse(page, at, 'a control leaves what the step expects as it is', {
        hint: 'say what is found under `fails`',
      });
    } else if (!allowed.includes(key))
      refuseKey(page, { entry: one, allowed, what: '`step`', level: 'step', around: over });
  }
  const kept = pairsOf(node).filter((pair) => !['shows', 'control'].includes(textOf(pair)));
  return mapOf(node, laidOver(kept, entry?.value));
}

/** Reads on a page of its own. Problems that the scenario itself has are reported already. */
function readFalse<T>({ script: { page }, part, step }: Reading, read: (scratch: Page) => T): T {
  const scratch: Page = { ...page, problems: [], settled: new Set() };
  const result = read(scratch);
  const [start, end] = [part.at.range![0], part.value?.range?.[1] ?? 0];
  for (const found of scratch.problems) {
    const same = page.problems.some(
      ({ offset, message }) => offset === found.offset && message === found.message,
    );
    const { offset, length, message, hint, allowed } = found;
    const place: Place = [offset, offset + length];
    if (same) continue;
    if (offset >= start && offset < end) refuse(page, place, message, { hint, allowed });
    else {
      const itself = found.where.line >= step.where.line ? 'the step itself is wrong' : undefined;
      const what = itself ?? `line ${found.where.line} is wrong`;
      refuse(page, part.at, `in this world ${what}: ${message}`, { hint, allowed });
    }
  }
  return result;
}

function inside({ value }: Entry, wanted: string): Entry | undefined {
  return entriesOf(value).find(({ key }) => key === wanted);
}
