/** What a command loads is what it needs: packages that are loaded for nothing are what makes a command slow. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { ROOT, start } from './command.ts';

/** What speaks to Docker. */
const DOCKER = ['dockerode', 'docker-modem', 'ssh2', '@grpc/grpc-js', 'protobufjs'];
/** What reads scenarios. */
const READING = ['zod', 'yaml', 'ipaddr.js'];
const HELLO = `lab: hello
networks: { lan: 10.137.1.0/24 }
hosts: { alice: { networks: [lan] }, bob: { networks: [lan] } }
steps: [{ at: alice, ping: { to: bob } }]
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-loads-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The packages that a call has loaded, and the project's own files. */
async function loadedBy(args: string[], env: Record<string, string> = {}) {
  const file = join(folder, 'modules');
  const note = join(ROOT, 'test/cli/note-modules.ts');
  const call = { NODE_OPTIONS: `--import=${note}`, LANLAB_MODULES: file, ...env };
  expect(await start(args, call).ended).toMatchObject({ exit: 0 });
  const urls = (await readFile(file, 'utf8')).split('\n');
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  const own = urls.flatMap((url) => /^file:.*\/(lab\/.*)$/.exec(url)?.[1] ?? []);
  return { packages: new Set(packages), own };
}

describe('what the command loads', () => {
  test.each(['--version', '--help', 'run --help', 'completion bash'])(
    '%s loads nothing but the words of the commands',
    async (typed) => {
      const { packages, own } = await loadedBy(typed.split(' '));
      expect(packages).toEqual(new Set(['commander']));
      const heavy =
        /^lab\/(?!cli\/|visible\.ts|agent\/patience\.ts|reports\/for-terminal\.ts|claims\/table|engines\/engine|scenario\/(?:print|problem)|errors|reports\/versions)/;
      expect(own).toContain('lab/cli/words/run.ts');
      expect(own.filter((file) => heavy.test(file))).toEqual([]);
    },
  );

  test('a scenario is read without anything that brings one up', async () => {
    const { packages, own } = await loadedBy(['validate', 'scenarios/01-lan.yaml']);
    expect(packages).toEqual(new Set(['commander', ...READING]));
    expect(own.filter((file) => file.startsWith('lab/engines/'))).toEqual(['lab/engines/engine.ts']);
  });
});

describeNeeding('netns', (await netnsEngine().probe()).lacking?.why, 'a run on netns', () => {
  test.each([
    ['asked for', ['--engine', 'netns']],
    ['taken because no Docker answers', []],
  ])('%s loads nothing that speaks to Docker', async (_, more) => {
    const file = join(folder, 'hello.yaml');
    await writeFile(file, HELLO);
    const env = { DOCKER_HOST: `unix://${folder}/no.sock` };
    const { packages, own } = await loadedBy(['run', file, ...more], env);
    expect(READING.filter((name) => packages.has(name))).toEqual(READING);
    expect(DOCKER.filter((name) => packages.has(name))).toEqual([]);
    // The engine is asked while the rest is loaded.
    expect(own.indexOf('lab/engines/netns/engine.ts')).toBeLessThan(own.indexOf('lab/scenario/load.ts'));
  });

  test.each([
    ['a lab without certificates', HELLO, false],
    ['a lab with one', HELLO.replace('bob: {', 'bob: { tls: true,'), true],
  ])('%s loads what makes them where it needs it', async (_, text, needs) => {
    const file = join(folder, 'certificates.yaml');
    await writeFile(file, text);
    const { packages, own } = await loadedBy(['run', file, '--engine', 'netns']);
    expect(packages.has('@peculiar/asn1-x509')).toBe(needs);
    expect(own.includes('lab/live/authority.ts')).toBe(needs);
  });
});
