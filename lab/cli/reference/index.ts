/** The first page of the reference: a scenario from the top, the kinds of values, and where each word is. */
import type { z } from 'zod';
import { CAPABILITIES } from '../../agent/protocol.ts';
import { CAPABILITY_MEANING } from '../../reports/engines.ts';
import { type Json, jsonOf, keysTable, rowsOf, sentences } from './form.ts';
import { withoutLink } from './link.ts';
import { notesOn } from './notes.ts';
import { page, type Word } from './word.ts';

export interface Tables {
  steps: readonly Word[];
  faults: readonly Word[];
  expectations: readonly Word[];
  control: z.ZodType;
  /** Of a whole scenario: its own keys, and those of its networks and its steps. */
  scenario: Json;
}

/** The list of values is on this page. */
const HERE = '';

const capabilities = CAPABILITIES.map((word) => `| \`${word}\` | ${CAPABILITY_MEANING[word]} |`);

export function indexPage({ steps, faults, expectations, scenario }: Tables): string {
  const { networks, steps: list } = scenario.properties!;
  const step = list!.items!.properties!;
  const own = ['name', 'at', 'before', 'do', 'expect', 'shows', 'control'].map(
    (key) => [key, step[key]!] as const,
  );
  const limits = ['within', 'for'].map((key) => [key, step.expect!.properties![key]!] as const);
  return page([
    '# Reference',
    ...notesOn('scenario'),
    tableOf(Object.entries(scenario.properties!), scenario.required),
    '## Networks',
    ...notesOn('networks'),
    keysTable(withoutLink(rowsOf(networks!.additionalProperties as Json)), HERE),
    '## Hosts',
    'The keys of a host have [a page of their own](reference/hosts.md): programs, addresses, routers, NAT, rules.',
    '## Steps',
    ...notesOn('steps'),
    tableOf(own),
    'The entries of `before` are maps:',
    keysTable(rowsOf(step.before!.items!), HERE),
    listOf(steps),
    '## Faults',
    'One of these words stands under [`fault:`](reference/fault.md).',
    listOf(faults),
    '## Expectations',
    'Any number of these words stand under `expect:`, and two limits of time for all of them.',
    tableOf(limits),
    listOf(expectations),
    '## Values',
    ...notesOn('values'),
    '## More',
    ...notesOn('more'),
    'A step may need something that not every machine has. `lanlab engines` says which of these are here:',
    ['| capability | is needed for |', '|---|---|', ...capabilities].join('\n'),
  ]);
}

export function hostsPage({ scenario }: Tables): string {
  const rows = rowsOf(scenario.properties!.hosts!.additionalProperties as Json);
  return page([
    '# Hosts',
    '[Reference](../reference.md)',
    keysTable(rows, '../reference.md'),
    ...notesOn('hosts'),
  ]);
}

export function controlsPage({ control }: Tables): string {
  const [intro, ...rest] = notesOn('controls').join('').split('\n\n');
  const table = keysTable(rowsOf(jsonOf(control)), '../reference.md');
  return page(['# Controls', '[Reference](../reference.md)', intro!, ...rest, table]);
}

/** Without the keys that are further down. */
function tableOf(entries: readonly (readonly [string, Json])[], required: readonly string[] = []): string {
  const rows = entries.map(([key, value]) => ({ key, needed: required.includes(key), value }));
  return keysTable(rows, HERE);
}

function listOf(words: readonly Word[]): string {
  const rows = words.map(
    ({ word, summary }) => `| [\`${word}\`](reference/${word}.md) | ${sentences(summary)[0]} |`,
  );
  return ['| word | meaning |', '|---|---|', ...rows].join('\n');
}
