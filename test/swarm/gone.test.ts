/** A machine that goes while a lab is up: its engine is killed, or its network is cut. The other machines go on. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lanlab, ROOT, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { cutOff, engineOf, lacking, leftovers, pointToManager, reconnect } from './nodes.ts';

vi.setConfig({ testTimeout: 300_000 });

const LAB = `
lab: dies
networks: { lan: 10.173.1.0/24 }
hosts:
  alice: { networks: [lan], on: a }
  bob: { networks: [lan], on: b, service: udp-echo }
  carol: { networks: [lan], on: c, service: udp-echo }
steps:
  - { name: first, at: alice, ping: { to: carol } }
  - { name: during, at: carol, exec: { run: sleep 200, give_up: 5m } }
  - { name: after, at: carol, ping: { to: alice } }
  - name: the others go on
    at: alice
    udp: { to: "bob:9000", send: hello }
    expect: { receive: HELLO, seen: bob, wire: [{ in_order: ["udp alice > bob:9000"] }] }
  - name: absence is not guessed
    at: alice
    udp: { to: "bob:9000", send: hello }
    expect: { receive: HELLO, wire: [{ never: ["udp carol > alice"] }] }
  - name: events are not guessed
    at: alice
    udp: { to: "carol:9000", send: hello }
    expect: { seen: carol, says: { by: carol, matches: accept }, within: 300ms }
  - { fault: { cut: [alice, carol], as: gap } }
`;

interface Reported {
  name: string;
  status: string;
  checks: { kind: string; held: boolean; incomplete?: true; found?: string; why?: string }[];
}

const swarmNodes = (...args: string[]) => promisify(execFile)(join(ROOT, 'scripts/swarm-nodes.sh'), args);

/** As Swarm leaves it on an engine that was killed, where the service has gone before it came back. */
async function keepsGate(node: string, lab: string): Promise<void> {
  const docker = engineOf(node);
  const [image] = await docker.listImages();
  const gate = await docker.createContainer({
    name: `lanlab-${lab}-00000000-gate.left`,
    Image: image!.Id,
    Entrypoint: ['true'],
    Labels: { 'lanlab.gate': `${lab}-00000000` },
  });
  await gate.start();
  await gate.wait();
}

describeNeeding('swarm', lacking, 'a machine that goes in mid-run', () => {
  let folder: string;
  beforeAll(async () => {
    pointToManager();
    folder = await mkdtemp(join(tmpdir(), 'lanlab-gone-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    {
      how: 'engine is killed',
      end: () => swarmNodes('kill', 'c'),
      back: () => swarmNodes('start', 'c'),
      reason: /the node c is gone: its engine does not answer since \d\d:\d\d:\d\d/,
    },
    {
      how: 'network is cut',
      end: () => cutOff('c'),
      back: () => reconnect('c'),
      reason: /the node c is gone: nothing of it is heard since \d\d:\d\d:\d\d/,
    },
  ])('whose $how fails the steps at its hosts, and the others go on', async ({ end, back, reason }) => {
    const path = join(folder, 'dies.yaml');
    await writeFile(path, LAB);
    const command = start(['run', path, '--engine', 'swarm', '--json', join(folder, 'report.json')]);
    await command.printed('1 first');
    let steps: Reported[];
    try {
      await end();
      const { exit, stderr } = await command.ended;
      expect(stderr).not.toContain('bug');
      expect(exit).toBe(1);
      steps = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')).runs[0].steps;
    } finally {
      await back();
    }
    expect(steps.map(({ status }) => status)).toEqual([
      'held',
      'failed',
      'failed',
      'held',
      'incomplete',
      'incomplete',
      'failed',
    ]);
    const [, during, after, , absence, events, fault] = steps.map(({ checks }) => checks);
    for (const checks of [during, after, fault])
      expect(checks).toMatchObject([{ kind: 'gone', found: expect.stringMatching(reason) }]);
    expect(absence!.find(({ held }) => !held)!.why).toMatch(reason);
    expect(events!.map(({ incomplete, why }) => [incomplete, why])).toEqual([
      [true, expect.stringMatching(reason)],
      [true, expect.stringMatching(reason)],
    ]);

    await keepsGate('c', 'dies');
    // What the machine still has goes with the next command that reaches it, or with its lease.
    const next = LAB.slice(0, LAB.indexOf('  - { name: during'));
    await writeFile(path, next);
    await expect
      .poll(async () => (await lanlab('run', path, '--engine', 'swarm')).exit, { timeout: 120_000 })
      .toBe(0);
    await expect.poll(() => leftovers('dies'), { timeout: 90_000 }).toEqual([]);
  });
});
