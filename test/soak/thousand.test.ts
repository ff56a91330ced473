/** A thousand hosts on one network of namespaces: all are up, any two reach each other, and all are gone afterwards. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { descendants, running } from '../cli/command.ts';
import { hostOf, labOf } from '../lab.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';

const HOSTS = 1_000;
const { lacking } = await netnsEngine().probe();

function scenario(): string {
  const hosts = Array.from({ length: HOSTS }, (_, n) => `h${n}: { networks: [lan] }`);
  return `{ lab: thousand, networks: { lan: 10.108.0.0/20 }, hosts: { ${hosts.join(', ')} } }`;
}

/** KiB of memory, each shared page counted in parts (proc_pid_smaps_rollup(5)). */
function memoryOf(pids: readonly number[]): number {
  const parts = pids.map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // It has ended meanwhile.
    }
  });
  return parts.reduce((sum, one) => sum + one, 0);
}

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'a thousand hosts', () => {
  test('are up, ten random pairs reach each other, and nothing is left', async () => {
    const before = new Set(readdirSync('/proc'));
    const lab = await labOf(netnsEngine(), scenario());
    const pids = descendants(process.pid).filter((pid) => !before.has(String(pid)));
    using namespaces = networkNamespaces(pids);
    try {
      expect(lab.hosts.size).toBe(HOSTS);
      expect(namespaces.size).toBeGreaterThanOrEqual(HOSTS);
      await fc.assert(
        fc.asyncProperty(fc.nat(HOSTS - 1), fc.nat(HOSTS - 1), async (one, other) => {
          const [from, to] = [hostOf(lab, `h${one}`), hostOf(lab, `h${other}`)];
          const address = to.plan.interfaces[0]!.addresses[0]!.address;
          const { exit } = await from.agent.exec({ argv: ['ping', '-c', '1', address], giveUp: 60_000 });
          expect(exit, `${from.name} > ${to.name}`).toBe(0);
        }),
        { numRuns: 10, endOnFailure: true },
      );
      const kib = memoryOf(pids);
      console.info(`${HOSTS} hosts: ${Math.round(kib / 1024)} MiB, ${Math.round(kib / HOSTS)} KiB a host`);
    } finally {
      await lab[Symbol.asyncDispose]();
    }
    await expect.poll(() => namespaces.stillUsed(), { timeout: 60_000 }).toEqual([]);
    await expect.poll(() => running(pids), { timeout: 60_000 }).toEqual([]);
  }, 600_000);

  test('are too many for one network by twenty-four: it is refused before anything starts', async () => {
    const hosts = Array.from({ length: 1_024 }, (_, n) => `h${n}: { networks: [lan] }`);
    const text = `{ lab: crowd, networks: { lan: 10.108.0.0/20 }, hosts: { ${hosts.join(', ')} } }`;
    await expect(labOf(netnsEngine(), text)).rejects.toThrow('`lan` has more than 1023 hosts');
  });
});
