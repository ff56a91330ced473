/** The examples of the reference, done in labs: whole scenarios, lists of steps, and the one line of each word. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lab } from 'lanlab';
import { afterAll, expect, test } from 'vitest';
import { referencePages, tablesOf } from '../../lab/cli/reference.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';
import { webHost } from '../web-program.ts';
import { readPage } from './page.ts';

/** The hosts that steps on their own are about. */
const AROUND = `lab: example
networks: { lan: auto }
hosts:
  echo: { service: tcp-echo, networks: [lan] }
  bounce: { service: udp-echo, networks: [lan] }
  clock: { service: time, networks: [lan] }
  files: { service: files, networks: [lan], files: { /srv/files/note.txt: "A note.", /srv/files/big.bin: { random: 1MB, seed: a } } }
  chat: { service: chat, networks: [lan] }
  alice: { networks: [lan] }
  bob: { networks: [lan] }
steps:
`;

/** The same for a lease, which needs who gives it. */
const AROUND_LEASES = `lab: leases
networks: { lan: { subnet: 10.215.1.0/24, dhcp: gw } }
hosts: { gw: { networks: { lan: 10.215.1.1 } }, alice: { networks: [lan] } }
steps:
`;

/** The same for HTTP, which needs who serves it. */
const AROUND_WEB = `lab: web
networks: { lan: auto }
hosts:
${webHost('web', ['lan'])}
  files: { service: files, networks: [lan], files: { /srv/files/note.txt: "A note." } }
  secure: { service: files, tls: true, networks: [lan], files: { /srv/files/note.txt: "A note." } }
  alice: { networks: [lan], files: { /srv/other.pem: "" } }
steps:
`;

/** The same for a host that goes from one network to another. */
const AROUND_MOVES = `lab: moves
networks: { wifi: auto, lte: auto }
hosts: { phone: { networks: [wifi] }, mast: { networks: [lte] } }
steps:
`;

/** What makes the line of a word a step that makes sense: what stands before it in the step, and which step before that. */
const WITH: Record<string, { step?: string; before?: string }> = {
  heal: { before: 'fault: { cut: [alice, echo], as: gap }' },
  plug: { before: 'fault: { unplug: alice }' },
  start: { before: 'fault: { stop: echo }' },
  resume: { before: 'fault: { pause: echo }' },
  receive: { step: 'at: alice\n  tcp: { to: "echo:9000", send: hello }' },
  fails: { step: 'at: alice\n  tcp: { to: "echo:9999" }' },
  seen: { step: 'at: alice\n  tcp: { to: "echo:9000", send: hello }' },
  says: { step: 'at: alice\n  tcp: { to: "echo:9000", send: hello }' },
  sockets: {
    step: 'at: alice\n  tcp: { to: "echo:9000", send: hello }\n  do: [{ receive: HELLO }, { close: true }]',
  },
  fields: { step: 'at: alice\n  ntp: { to: clock }' },
  wire: { step: 'at: alice\n  tcp: { to: "echo:9000" }' },
};

interface Example {
  page: string;
  text: string;
}

const { steps, faults, expectations } = tablesOf();
const wholeLab = new Set(
  [...faults, ...vocabulary.steps.filter((step) => step.wholeLab)].map(({ word }) => word),
);

function scenarioOf({ page, text }: Example): string {
  if (text.startsWith('lab:')) return text;
  const word = page.replace(/^reference\/|\.md$/g, '');
  const around = { http: AROUND_WEB, lease: AROUND_LEASES, move: AROUND_MOVES }[word] ?? AROUND;
  if (text.startsWith('- ')) return `${named(around, text)}${text}`;
  const { step = wholeLab.has(word) ? '' : 'at: alice', before } = WITH[word] ?? {};
  const lines = [...(step === '' ? [] : step.split('\n  ')), text];
  const done = `${before ? `- ${before}\n` : ''}- ${lines.join('\n  ')}\n`;
  return `${named(around, done)}${done}`;
}

/** Without the hosts that the steps do not name: each costs time. */
function named(around: string, done: string): string {
  const kept = around.split('\n').filter((line) => {
    const [, host] = /^ {2}(\w+): \{ /.exec(line) ?? [];
    return host === undefined || new RegExp(`\\b${host}\\b`).test(done);
  });
  return kept.join('\n');
}

const examples = [...referencePages().keys()].flatMap((page) =>
  readPage(`docs/${page}`)
    .blocks.filter(({ language }) => language === 'yaml')
    .map(({ lines }, at) => ({ page, at: at + 1, text: lines.join('\n') })),
);

test('every word has an example', () => {
  const pages = new Set(examples.map(({ page }) => page));
  const words = [...steps, ...faults, ...expectations].map(({ word }) => `reference/${word}.md`);
  expect(words.filter((page) => !pages.has(page))).toEqual([]);
});

const { lacking } = await engineNamed('netns').probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'an example of the reference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-examples-'));
  // A trace that some of them name.
  writeFileSync(join(folder, 'lte.trace'), '1\n2\n3\n3\n10\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  test.concurrent.each(examples)('$page $at holds', async (example) => {
    const text = scenarioOf(example);
    const file = join(folder, `${example.page.replace('/', '-')}-${example.at}.yaml`);
    writeFileSync(file, text);
    expect(loadScenario(text, file, vocabulary).hosts.length).toBeGreaterThan(0);
    await using net = await lab(file, { engine: 'netns', onConflict: 'wait' });
    const { steps, failed, incomplete } = await net.run();
    const wrong = steps.filter(({ status }) => status !== 'held' && status !== 'skipped');
    expect(wrong.map(({ name, checks }) => [name, checks.filter(({ held }) => !held)])).toEqual([]);
    expect(failed + incomplete).toBe(0);
  });
});
