/** Words of other tools: none of them is a word of ours, and each leads to one that there is. */
import { expect, test } from 'vitest';
import { HOST_EXAMPLE, NETWORK_EXAMPLE } from '../../lab/scenario/hints/examples.ts';
import { keysAt } from '../../lab/scenario/hints/schema-keys.ts';
import { meantKey, tablesFor } from '../../lab/scenario/hints/unknown-word.ts';
import { hostSchema } from '../../lab/scenario/hosts/hosts.ts';
import { dhcpSchema } from '../../lab/scenario/networks/dhcp.ts';
import { networkSchema } from '../../lab/scenario/networks/networks.ts';
import { STEP_KEYS } from '../../lab/scenario/steps/step-keys.ts';
import { PLACES } from '../../lab/scenario/synonyms/index.ts';
import type { SynonymLevel } from '../../lab/scenario/synonyms/synonym.ts';
import { UNDER } from '../../lab/scenario/synonyms/under.ts';
import { meantValue } from '../../lab/scenario/synonyms/values.ts';
import { faults, vocabulary } from '../../lab/vocabulary.ts';

const wordsOf = (list: readonly { word: string }[]) => list.map(({ word }) => word);
const schemaKeys = (list: readonly { schema: Parameters<typeof keysAt>[0] }[]) =>
  list.flatMap(({ schema }) => keysAt(schema, []));

/** The keys that there are at each place. */
const KEYS: Record<SynonymLevel, readonly string[]> = {
  lab: ['lab', 'about', 'networks', 'programs', 'hosts', 'capture', 'steps'],
  network: ['subnet', ...Object.keys(networkSchema.shape)],
  host: Object.keys(hostSchema.shape),
  card: ['address', 'mac', 'mtu', 'link', 'dhcp'],
  step: [...STEP_KEYS, ...wordsOf(vocabulary.steps)],
  expect: [...wordsOf(vocabulary.expectations), 'within', 'for'],
  arguments: schemaKeys(vocabulary.steps),
};

const under = (word: string): string[] => {
  const known = [...vocabulary.steps, ...vocabulary.expectations, ...faults].find((one) => one.word === word);
  const host = hostSchema.shape[word as keyof typeof hostSchema.shape];
  const action = vocabulary.steps.flatMap((one) => (one.action ? keysAt(one.action, []) : []));
  if (word === 'dhcp') return keysAt(dhcpSchema, []);
  return word === 'do' ? action : keysAt(known?.schema ?? host, []);
};

const PLACE_NAMES = Object.keys(PLACES) as SynonymLevel[];

test.each(PLACE_NAMES)('every word that is meant at the place `%s` is one that there is', (place) => {
  const { same = {} } = PLACES[place];
  expect(Object.keys(same).filter((word) => !KEYS[place].includes(word))).toEqual([]);
});

// Arguments differ by their word: what is a key of one may be another's synonym.
test.each(PLACE_NAMES.filter((one) => one !== 'arguments'))(
  'no word of others at the place `%s` is one of ours',
  (place) => {
    const { same = {}, say = {} } = PLACES[place];
    const others = [...Object.values(same), ...Object.keys(say)].flatMap((words) => words.split(' '));
    expect(others.filter((word) => KEYS[place].includes(word))).toEqual([]);
  },
);

test.each(Object.keys(UNDER))('every key that is meant under `%s` is one that there is', (word) => {
  const { same = {} } = UNDER[word]!;
  expect(Object.keys(same).filter((key) => !under(word).includes(key))).toEqual([]);
});

test('a synonym is taken before a guess by letters, and a guess before nothing', () => {
  const step = tablesFor('step', undefined);
  expect(meantKey('wait', KEYS.step, step)).toBeUndefined();
  expect(meantKey('shell', KEYS.step, step)).toEqual({ key: 'exec', synonym: true });
  expect(meantKey('pign', KEYS.step, step)).toEqual({ key: 'ping' });
  expect(meantKey('dns', KEYS.host, tablesFor('host', undefined))).toBeUndefined();
});

test('a key that is glued to its value is found in front of it', () => {
  expect(meantKey('at:bob', KEYS.step, [])).toEqual({ key: 'at', value: 'bob' });
  expect(meantKey('at = bob', KEYS.step, [])).toEqual({ key: 'at', value: 'bob' });
  expect(meantKey('ping { to', KEYS.step, [])).toEqual({ key: 'ping', value: '{ to' });
});

test.each([
  ['ECONNREFUSED', 'refused'],
  ['Connection refused', 'refused'],
  ['no route to host', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['in-use', 'in-use'],
  ['nonsense', undefined],
])('the value %s means %s', (written, meant) => {
  expect(meantValue(written, ['refused', 'timeout', 'unreachable', 'in-use'])).toBe(meant);
});

test('every key of a host and of a network has an example', () => {
  expect(Object.keys(HOST_EXAMPLE).toSorted()).toEqual(KEYS.host.toSorted());
  expect(Object.keys(NETWORK_EXAMPLE).toSorted()).toEqual(KEYS.network.toSorted());
});

test('the example of every key of a host is taken', () => {
  for (const [key, schema] of Object.entries(hostSchema.shape)) {
    expect(schema.safeParse(HOST_EXAMPLE[key as keyof typeof HOST_EXAMPLE]).error, key).toBeUndefined();
  }
});
