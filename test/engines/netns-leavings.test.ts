/** A lab on namespaces dies with its owner, however the owner ends. */
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { descendants, running, start } from '../cli/command.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();

describeNeeding('netns', lacking?.why, 'what a lab on namespaces leaves', () => {
  for (const moment of [' 1 ', ' 20 ', '45 ']) {
    test(`after kill -9 of the command at step${moment}no process and no namespace is left`, async () => {
      const command = start(['run', 'scenarios/01-lan.yaml', '--engine', 'netns']);
      await command.printed(moment);
      const below = descendants(command.pid);
      using namespaces = networkNamespaces(below);
      // The command itself is the shell's exec: its own pid is Node's.
      expect(below.length).toBeGreaterThan(8);
      expect(namespaces.size).toBe(9);
      command.child.kill('SIGKILL');
      expect((await command.ended).signal).toBe('SIGKILL');
      await expect.poll(() => namespaces.stillUsed(), { timeout: 5_000 }).toEqual([]);
      await expect.poll(() => running(below), { timeout: 5_000 }).toEqual([]);
    }, 60_000);
  }
});
