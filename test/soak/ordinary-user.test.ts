/** What an ordinary user runs of labs on namespaces, beyond what .ci/run has of it: every scenario, claims, few tools, kills. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const FILES = [
  'test/engines/netns-bare.test.ts',
  'test/engines/netns-leavings.test.ts',
  'test/every-scenario/netns.test.ts',
  'test/soak/claims-netns.test.ts',
  'test/causes/netns.test.ts',
  'test/faults/netns.test.ts',
  'test/serving/netns.test.ts',
  'test/isolation/files.test.ts',
  'test/isolation/tools.test.ts',
  'test/topology/netns.test.ts',
  'test/topology/nat-netns.test.ts',
  'test/ipv6/netns.test.ts',
  'test/steps/words-netns.test.ts',
  'test/soak/killed-phases.test.ts',
];

const { lacking } = await netnsEngine().probe();
const notRoot = process.getuid?.() === 0 ? undefined : 'only root can make another user; run this as root';
const missing = notRoot ?? (lacking && `${lacking.why}; ${lacking.hint}`);

describeNeeding('root', missing, 'the tests of namespaces', () => {
  test('pass for an ordinary user too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lanlab-ordinary-'));
    try {
      const results = join(folder, 'results.json');
      const child = spawn('.ci/ordinary-user', [results, ...FILES], { cwd: ROOT, stdio: 'inherit' });
      expect((await once(child, 'exit'))[0]).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 3_600_000);
});
