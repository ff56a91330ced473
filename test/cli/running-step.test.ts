/** A step that takes its time, as a person at a terminal sees it, and as a file has it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { ROOT } from './command.ts';
import { Terminal } from './terminal.ts';

const SLOW = `
lab: slow
networks: { net: 10.84.31.0/24 }
hosts: { alice: { networks: [net] } }
steps: [{ name: alice waits, at: alice, exec: { run: sleep 1.5, give_up: 60s } }]
`;

const LANLAB = join(ROOT, 'bin/lanlab');

describeNeeding('netns', (await netnsEngine().probe()).lacking?.why, 'a step of some seconds', () => {
  test('is shown with its seconds while it runs, in the place of its result', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lanlab-slow-'));
    const file = join(folder, 'slow.yaml');
    await writeFile(file, SLOW);
    const terminal = new Terminal(join(folder, 'state'));
    try {
      terminal.type(`export NO_COLOR=1; ${LANLAB} run ${file} --engine netns\n`);
      // The line is emptied (ECMA-48, EL) before the result stands in its place.
      await terminal.shows(
        /… {2}1 alice waits \(running for \d+ s\)\S*\r.\[2K✓ {2}1 alice waits \([\d.]+ s\)/,
      );
      await terminal.shows(/1 step held/);
      terminal.type(`${LANLAB} run ${file} --engine netns 2> ${folder}/stderr; echo "over"\n`);
      await terminal.shows(/\nover/);
      expect(await readFile(`${folder}/stderr`, 'utf8')).not.toContain('running');
    } finally {
      terminal.close();
      await terminal.ended;
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
