/** Every claim of every scenario made false in a lab of its own on Docker, where its step has to fail as foretold. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { lanlab, ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const scenarios = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));
const { lacking } = await dockerEngine().probe();

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'the claims on docker', () => {
  test('are all shown', async () => {
    const files = scenarios.map((name) => `scenarios/${name}`);
    const { exit, stdout, stderr } = await lanlab('claims', '--prove', '--engine', 'docker', ...files);
    expect(exit, stdout + stderr).toBe(0);
  }, 7_200_000);
});
