/** Every scenario of scenarios/ and every example of a word loads. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { materialise } from '../../lab/model/bytes.ts';
import { loadScenario, loadScenarioFile } from '../../lab/scenario/load.ts';
import { expectations, faults, steps, vocabulary } from '../../lab/vocabulary.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));

/** A scenario with one step before the one that is tried, which gives the names that examples use. */
function scenarioWith(step: string): string {
  const hosts = ['bounce', 'clock', 'files', 'chat', 'web', 'alice'];
  return [
    'lab: example',
    'networks: { office: { subnet: 10.50.1.0/24, dhcp: gw } }',
    'hosts:',
    '  gw: { networks: { office: 10.50.1.1 } }',
    '  echo: { service: tcp-echo, networks: [office] }',
    ...hosts.map((host) => `  ${host}: { networks: [office] }`),
    'steps:',
    step.replaceAll(/^/gm, '    ').replace(/^ {4}/, '  - at: alice\n    '),
  ].join('\n');
}

describe('every scenario', () => {
  test.each(files)('%s loads, and says at its top what it shows', async (file) => {
    const path = join(folder, file);
    expect((await loadScenarioFile(path, vocabulary)).steps.length).toBeGreaterThan(0);
    expect(await readFile(path, 'utf8')).toMatch(/^# .+\n/);
  });

  test.each(files)('%s has a name for every step, and no name twice', async (file) => {
    const { steps } = await loadScenarioFile(join(folder, file), vocabulary);
    const names = steps.map(({ name }) => name);
    expect(names.every((name) => name !== undefined)).toBe(true);
    expect(names.length).toBe(new Set(names).size);
  });
});

describe('the tour', () => {
  test('has at least 25 checks, and reaches and asks every program', async () => {
    const scenario = await loadScenarioFile(join(folder, '01-lan.yaml'), vocabulary);
    const expected = scenario.steps.flatMap((step) => step.expect);
    expect(expected.length).toBeGreaterThan(25);
    const seen = JSON.stringify(expected.filter(({ kind }) => kind === 'seen').map(({ value }) => value));
    for (const host of scenario.hosts.filter(({ program }) => program)) {
      expect(seen, `seen by ${host.name}`).toContain(`"by":"${host.name}"`);
      const [network] = host.networks;
      const targets = JSON.stringify(scenario.steps.map(({ args }) => args));
      expect(targets, `${host.name} by name`).toMatch(new RegExp(`"to":"${host.name}[:"]`));
      expect(targets, `${host.name} by address`).toContain(`"to":"${network?.addresses[0]}:`);
      expect(seen, `${host.name}: two clients`).toMatch(new RegExp(`"by":"${host.name}","apart_from"`));
    }
  });

  test('expects the hash of the very file that it puts on the host', async () => {
    const scenario = await loadScenarioFile(join(folder, '01-lan.yaml'), vocabulary);
    const big = scenario.hosts.flatMap((host) => host.files).find(({ path }) => path.endsWith('big.bin'));
    const sha256 = createHash('sha256').update(materialise(big!.content)).digest('hex');
    expect(JSON.stringify(scenario.steps)).toContain(sha256);
  });
});

/** Steps that some words need before them: nothing is healed that is whole. */
const BEFORE: Record<string, string> = {
  heal: '{ fault: { cut: [alice, echo], as: gap } }',
  plug: '{ fault: { unplug: alice } }',
  resume: '{ fault: { pause: echo } }',
};

/** A step that is done at no host, in a lab where echo has a program. */
function scenarioOfLab(word: string, example: string): string {
  const on = (names: string, program?: string) =>
    names
      .split(' ')
      .map((name) => `${name}: { ${program ? `service: ${program}, ` : ''}networks: [office] }`);
  const hosts = [
    ...on('echo', 'tcp-echo'),
    ...on('clock', 'time'),
    ...on('files', 'files'),
    ...on('alice bob phone'),
  ].join(', ');
  const all = [BEFORE[word], `{ ${example} }`].filter((step) => step !== undefined);
  return `{ lab: example, networks: { office: 10.50.1.0/24, lte: 10.50.2.0/24 }, hosts: { ${hosts} }, steps: [${all.join(', ')}] }`;
}

describe('examples of the reference load', () => {
  test.each(steps.map(({ word, example, wholeLab }) => [word, example, wholeLab]))(
    '%s',
    (word, example, wholeLab) => {
      const text = wholeLab ? scenarioOfLab(word, example) : scenarioWith(example);
      expect(loadScenario(text, 'example.yaml', vocabulary).steps.at(-1)?.kind).toBe(word);
    },
  );

  test.each(faults.map(({ word, example }) => [word, example]))('fault: %s', (_, example) => {
    const text = scenarioOfLab('fault', example);
    expect(loadScenario(text, 'example.yaml', vocabulary).steps).toHaveLength(1);
  });

  test.each(expectations.map(({ word, example }) => [word, example]))('%s', (_, example) => {
    const step = `tcp: { to: "echo:9000" }\n${example}`;
    const { steps } = loadScenario(scenarioWith(step), 'example.yaml', vocabulary);
    expect(steps[0]?.expect).toHaveLength(1);
  });
});
