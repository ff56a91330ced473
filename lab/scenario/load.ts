/** From a scenario's text to data, or to all its problems at once. */
import { createReadStream } from 'node:fs';
import type { Node } from 'yaml';
import { LabError } from '../errors.ts';
import { printSubnet } from '../model/address.ts';
import { AUTO } from '../model/auto-subnets.ts';
import type { Scenario } from '../model/types.ts';
import type { Hint } from '../wire/lines/hint.ts';
import { readCapture } from './capture.ts';
import { overHosts } from './controls/host-change.ts';
import { formOf } from './hints/form.ts';
import { namesIn } from './hints/names.ts';
import { meantKey, tablesFor } from './hints/unknown-word.ts';
import { readPrograms, withPrograms } from './hosts/programs.ts';
import { readNetworks } from './networks/networks.ts';
import type { ReadNetwork } from './networks/read-network.ts';
import { withDisks } from './steps/disks.ts';
import { readSteps } from './steps/steps.ts';
import { check, refuseKey } from './text/check.ts';
import { type Page, refuse, throwProblems } from './text/page.ts';
import { MOST_TEXT, openPage } from './text/source.ts';
import { parsePage } from './text/syntax.ts';
import { type Entry, readMap } from './text/tree.ts';
import { readLinks } from './topology/links.ts';
import { NO_TOPOLOGY, readTopology } from './topology/topology.ts';
import { readBeside } from './values/beside.ts';
import { name, nameNear, words } from './values/values.ts';
import type { Vocabulary } from './vocabulary.ts';

const WHOLE =
  'begin with lab: demo, and below it networks: { lan: 10.50.1.0/24 }, hosts: { alice: { networks: [lan] } } and steps: […]';
const EXAMPLES: Readonly<Record<string, Hint>> = {
  lab: 'give it a name: lab: demo',
  networks: 'write networks: { lan: 10.50.1.0/24 }',
  hosts: ({ network }) => `write hosts: { alice: { networks: [${network}] } }`,
};
const KEYS = ['lab', 'about', 'networks', 'programs', 'hosts', 'links', 'capture', 'steps'];

/**
 * Reads a scenario. `file` is what messages call it. Throws one ScenarioErrors that holds every problem found,
 * in the order of the file.
 */
export function loadScenario(text: string | Uint8Array, file: string, vocabulary: Vocabulary): Scenario {
  const page = openPage(text, file);
  const document = parsePage(page);
  page.names = namesIn(document.contents);
  const scenario = readBeside(file, () => readTop(page, document.contents, vocabulary));
  throwProblems(page);
  return withDisks(scenario, vocabulary);
}

/** Reads a scenario from a file or a pipe; a file that cannot be read is a LabError of the code `usage`. */
export async function loadScenarioFile(path: string, vocabulary: Vocabulary): Promise<Scenario> {
  return loadScenario(await readStart(path), path, vocabulary);
}

/** The file's bytes, but no more than it takes to see that it is too large. */
async function readStart(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_TEXT) break;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return Buffer.concat(chunks);
}

const UNREADABLE: Record<string, [why: string, hint: string]> = {
  ENOENT: ['there is no such file', 'name a scenario, for instance scenarios/01-lan.yaml'],
  EISDIR: ['this is a folder', 'name a file in it'],
  EACCES: ['you may not read it', 'change its permissions'],
};

function unreadable(path: string, cause: unknown): LabError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [why, hint] = UNREADABLE[code] ?? [message, undefined];
  return new LabError('usage', `cannot read ${path}: ${why}`, { hint, cause });
}

function readTop(page: Page, root: Node | null, vocabulary: Vocabulary): Scenario {
  const all: readonly [number, number] = [0, 1];
  const entries = root ? (readMap(page, 'a scenario', root, root, WHOLE) ?? undefined) : [];
  for (const entry of entries ?? []) {
    if (KEYS.includes(entry.key)) continue;
    refuseKey(page, { entry, allowed: KEYS, what: 'a scenario', level: 'lab', around: entries ?? [], form });
  }
  const find = (key: string): Entry | undefined => entries?.find((entry) => entry.key === key);
  for (const key of ['lab', 'networks', 'hosts']) {
    const mistyped = entries?.some((entry) => !KEYS.includes(entry.key) && meant(entry.key) === key);
    if (entries && !mistyped && !find(key))
      refuse(page, all, `a scenario needs the key \`${key}\``, { hint: EXAMPLES[key], allowed: KEYS });
  }
  const [lab, about] = [find('lab'), find('about')];
  const text = about && check(page, words, about.value, about.at, '`about`')?.value;
  return {
    file: page.file,
    lab: (lab && check(page, name, lab.value, lab.at, '`lab`')?.value) ?? '',
    ...(text !== undefined && { about: text }),
    ...readParts(page, find, vocabulary),
  };
}

/** The form of a first-level key that was written under another word: the lab's name; a longer value is left as it stands. */
function form(key: string, value: unknown): string | undefined {
  if (key === 'lab') return formOf(key, value, { schema: name, example: nameNear(value) ?? 'demo' });
  return key === 'about' ? undefined : `${key}: and leave what is under it`;
}

function meant(key: string): string | undefined {
  return meantKey(key, KEYS, tablesFor('lab', undefined))?.key;
}

function readParts(
  page: Page,
  find: (key: string) => Entry | undefined,
  vocabulary: Vocabulary,
): Pick<Scenario, 'networks' | 'hosts' | 'links' | 'capture' | 'steps'> {
  const [networksAt, hostsAt, stepsAt] = [find('networks'), find('hosts'), find('steps')];
  const networks = networksAt ? readNetworks(page, networksAt) : new Map<string, ReadNetwork>();
  const programs = readPrograms(page, find('programs'));
  const read = (on: Page, hosts: Entry) => readTopology(on, withPrograms(on, hosts, programs), networks);
  const topology = hostsAt ? read(page, hostsAt) : NO_TOPOLOGY;
  const changed = (other: Page, hosts: Entry) => read(other, overHosts(hostsAt, hosts));
  const links = readLinks(page, find('links'), topology.hosts);
  const capture = readCapture(page, find('capture'), topology.hosts);
  return {
    networks: [...networks.values()].map(({ subnets, auto, servers, ...network }) => ({
      ...network,
      ...Object.fromEntries(servers.map(({ duty, host, dhcp }) => [duty, dhcp?.terms ?? host])),
      subnets: auto ? [AUTO] : subnets.map(printSubnet),
    })),
    hosts: [...topology.hosts.values()],
    ...(links && { links }),
    ...(capture && { capture }),
    steps: stepsAt ? readSteps(page, stepsAt, vocabulary, topology, changed) : [],
  };
}
