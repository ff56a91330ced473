/** What a program printed, found in a journal: which lines count, how many, and what is said of one that is not there. */
import { expect, test } from 'vitest';
import { says } from '../../lab/expectations/says.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { Journal } from '../../lab/live/journal.ts';
import type { Step } from '../../lab/model/types.ts';
import type { Check } from '../../lab/outcomes/check.ts';
import type { StepContext } from '../../lab/outcomes/context.ts';
import { begin } from '../../lab/outcomes/outcome.ts';

function setting(more: Partial<LiveHost> = {}, journal = new Journal()) {
  const hosts = new Map([['peer', { name: 'peer', journal, ...more } as LiveHost]]);
  const outcome = begin('something');
  const say = (...lines: string[]) => journal.note('peer', { stream: 'stdout', lines: lines.join('\n') });
  const look = async (value: object, within = 0, hold?: number): Promise<Check> => {
    const written = says.schema.parse({ by: 'peer', ...value });
    const step = { within, for: hold } as unknown as Step;
    const [check] = await says.check(written, outcome, step, { hosts } as unknown as StepContext);
    return check!;
  };
  return { journal, outcome, say, look };
}

const LONG = 20_000;

test('a line of either stream counts, whole or by a part of it', async () => {
  const { journal, say, look } = setting();
  say('one', 'the number 42');
  journal.note('peer', { stream: 'stderr', lines: 'oops' });
  expect(await look({ text: 'one' })).toMatchObject({ held: true, what: 'peer says: "one"' });
  expect(await look({ matches: '\\d+' })).toMatchObject({ held: true, what: 'peer says: "the number 42"' });
  expect(await look({ text: 'oops' })).toMatchObject({ held: true, kind: 'said', came: 'all' });
  expect((await look({ text: 'number' })).held).toBe(false);
});

test('a line that comes later is waited for, and nothing that another host prints counts', async () => {
  const { journal, say, look } = setting();
  const found = look({ text: 'late' }, LONG);
  journal.note('other', { stream: 'stdout', lines: 'late' });
  say('early');
  say('late');
  expect(await found).toMatchObject({ held: true });
  const { journal: apart, look: search } = setting();
  apart.note('other', { stream: 'stdout', lines: 'late' });
  expect(await search({ text: 'late' })).toMatchObject({ held: false, came: 'nothing' });
});

test('an event counts as the line that its program printed, and not where a listener of the host told it', async () => {
  const { journal, look } = setting();
  journal.note('peer', { event: { time: '', event: 'accept' } });
  expect(await look({ matches: 'accept' })).toMatchObject({ held: false });
  journal.note('peer', { event: { time: '', event: 'accept', bytes: 5 }, printed: true });
  expect(await look({ matches: '"event":"accept","bytes":5' })).toMatchObject({ held: true });
});

test('a line of before counts with since: start alone, and else its host is said to have printed it', async () => {
  const { outcome, say, look } = setting();
  say('ready');
  outcome.began = Date.now() + 1000;
  expect(await look({ text: 'ready', since: 'start' })).toMatchObject({ held: true });
  expect(await look({ text: 'ready' })).toMatchObject({
    ...{ held: false, came: 'nothing', expected: '"ready"', found: 'no line since the step began' },
    why: 'peer printed it before this step began; with since: start it counts',
  });
});

test('a count is exact: fewer, more, and more while it is held', async () => {
  const { say, look } = setting();
  say('a', 'b', 'a');
  expect(await look({ text: 'a', count: 2 })).toMatchObject({ held: true, what: 'peer says 2 times: "a"' });
  expect(await look({ text: 'a', count: 3 })).toMatchObject({ held: false, came: 'part' });
  expect(await look({ matches: '[ab]', count: 2 })).toMatchObject({ came: 'more', found: 'more: "a"' });
  const held = look({ text: 'a', count: 2 }, LONG, LONG);
  say('a');
  expect(await held).toMatchObject({ held: false, came: 'more' });
});

test('a line that is not there: the nearest ones, or the last ones', async () => {
  const { say, look } = setting();
  say('Ready on 80', 'x', 'y', 'z');
  const nearest = 'no such line; nearest: "Ready on 80"';
  expect(await look({ text: 'ready' })).toMatchObject({ came: 'other', found: nearest });
  expect((await look({ matches: '\\d{5}' })).found).toBe('no such line; the last: "x"; "y"; "z"');
});

test('a program that has ended, or is paused, is said to be', async () => {
  const ended = setting({ ended: { exit: 3, signal: null } });
  expect((await ended.look({ text: 'a' })).why).toBe('the program of peer has ended (exit code 3)');
  const paused = setting({ paused: true });
  expect((await paused.look({ text: 'a' })).why).toBe('the program of peer is paused');
});

test('where lines of the step have gone, nothing is said of one that is not there', async () => {
  const { say, look } = setting({}, new Journal(10));
  for (let line = 0; line < 20; line++) say(`line ${line}`);
  expect(await look({ text: 'other' })).toMatchObject({ held: false, incomplete: true });
  expect(await look({ text: 'line 19', count: 1 })).toMatchObject({ held: false, incomplete: true });
  expect(await look({ text: 'line 19' })).toMatchObject({ held: true });
});

/** A journal that keeps five entries, and whose oldest are gone. */
const small = () => setting({}, new Journal(5));

test('lines that are gone make a count uncertain, though an event of a listener is left', async () => {
  const { journal, outcome, say, look } = small();
  outcome.began = Date.now() - 1000;
  for (let line = 0; line < 20; line++) say('tick');
  journal.note('peer', { event: { time: new Date().toISOString(), event: 'accept' } });
  say('other');
  expect(await look({ text: 'tick', count: 3 })).toMatchObject({ held: false, incomplete: true });
});

test('lines that another host has pushed out before the step make nothing uncertain', async () => {
  const { journal, outcome, say, look } = small();
  const before = new Date(Date.now() - 60_000).toISOString();
  for (let event = 0; event < 20; event++)
    journal.note('other', { event: { time: before, event: 'accept' } });
  outcome.began = Date.now() - 1000;
  say('tick');
  expect(await look({ text: 'tick', count: 1 })).toMatchObject({ held: true });
});

test('a count rests on absence, a line alone does not', async () => {
  const { say, look } = setting();
  say('tick');
  expect(await look({ text: 'tick', count: 1 })).toMatchObject({ held: true, absence: true });
  expect(await look({ text: 'tick', count: 2 })).toMatchObject({ held: false, absence: true });
  expect(await look({ text: 'tick' })).not.toHaveProperty('absence');
});
