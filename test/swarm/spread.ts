/** Scenarios whose hosts stand on three machines in turn, so that neighbours are on different ones: every check holds. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDocument, type YAMLMap } from 'yaml';
import { lanlab, ROOT } from '../cli/command.ts';
import { scenarios } from '../every-scenario/contract.ts';
import { describeNeeding } from '../needs.ts';
import { lacking, NAMES, pointToManager } from './nodes.ts';

/** Milliseconds: some wait for others. */
const PATIENCE = 600_000;

/** Lengths that follow from an MTU of 1,500: a network over several machines has 1,450. */
const OF_THE_MTU: Record<string, [string, string][]> = {
  '06-ends.yaml': [
    ['len=1448', 'len=1398'],
    ['len=1104', 'len=1204'],
  ],
  '23-path-mtu.yaml': [
    ['mss=1460', 'mss=1410'],
    ['len=1448', 'len=1398'],
  ],
};

/** Those that are tried wherever the three machines are; the soak has the others. */
export const FEW = ['02-datagrams.yaml', '03-faults.yaml', '05-arp.yaml', '09-router.yaml', '19-ipv6.yaml'];
export const OTHERS = scenarios.filter((name) => !FEW.includes(name));

/** What is read here of the report as JSON. */
interface Run {
  steps: { status: string }[];
  hosts: { node: string }[];
}

/** The text of a scenario with each host on the next machine. */
export function spread(name: string): string {
  const text = (OF_THE_MTU[name] ?? []).reduce(
    (before, [one, other]) => before.replaceAll(one, other),
    readFileSync(join(ROOT, 'scenarios', name), 'utf8'),
  );
  const document = parseDocument(text);
  for (const [index, { key }] of (document.get('hosts') as YAMLMap).items.entries())
    document.setIn(['hosts', key, 'on'], NAMES[index % NAMES.length]);
  return document.toString();
}

/** Two at a time: each has hosts on all machines. */
export function scenariosHold(which: readonly string[]): void {
  describeNeeding('swarm', lacking, 'the scenarios over three machines', () => {
    let folder: string;
    beforeAll(async () => {
      pointToManager();
      folder = await mkdtemp(join(tmpdir(), 'lanlab-spread-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test.concurrent.each(which)(
      'every check of %s holds, and none is skipped',
      async (name) => {
        const path = join(folder, name);
        await writeFile(path, spread(name));
        const args = ['--engine', 'swarm', '--strict', '--on-conflict', 'wait', '--json', '-'];
        const { exit, stdout, stderr } = await lanlab('run', path, ...args);
        const [run] = (stdout === '' ? { runs: [] } : JSON.parse(stdout)).runs as Run[];
        const others = run?.steps.filter(({ status }) => status !== 'held');
        expect(exit, `${stderr}\n${JSON.stringify(others, null, 1)}`).toBe(0);
        expect(others).toEqual([]);
        expect(new Set(run!.hosts.map(({ node }) => node)).size).toBe(
          Math.min(run!.hosts.length, NAMES.length),
        );
      },
      PATIENCE,
    );
  });
}
