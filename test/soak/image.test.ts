/** The image is built from the packed package; its container holds a lab with Docker's socket, and on namespaces with the two options that docs/platforms.md names. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineNamed } from '../../lab/engines/index.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { pack, run, scenario, succeed } from '../package/packed.ts';

const { lacking } = await engineNamed('docker').probe();
const OPTIONS = ['seccomp=unconfined', 'systempaths=unconfined'].map((option) => `--security-opt=${option}`);
const SOCKET = '/var/run/docker.sock';

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'the image of lanlab', () => {
  let folder: string;
  let image: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-image-'));
    image = basename(folder).toLowerCase();
    const base = process.env.BASE_IMAGE ? ['--build-arg', 'BASE_IMAGE'] : [];
    await copyFile(join(ROOT, 'image/Dockerfile'), join(folder, 'Dockerfile'));
    const context = await mkdtemp(join(folder, 'context-'));
    const packed = await pack(folder);
    await copyFile(packed, join(context, basename(packed)));
    await succeed(folder, 'docker', 'build', '--tag', image, ...base, '--file', 'Dockerfile', context);
    await writeFile(join(folder, 'good.yaml'), scenario());
  }, 600_000);

  afterAll(async () => {
    await run(folder, ['docker', 'image', 'rm', '--force', image]);
    await rm(folder, { recursive: true, force: true });
  });

  const lanlab = (options: string[], engine: string) =>
    run(folder, [
      ...['docker', 'run', '--rm', '--init', `--volume=${folder}:/work`, ...options, image],
      ...['run', '--strict', '--engine', engine, 'good.yaml'],
    ]);

  test('does a scenario beside itself, with the socket of the engine', async () => {
    const { exit, output } = await lanlab(
      [`--volume=${SOCKET}:${SOCKET}`, '--pid=host', '--env=BASE_IMAGE'],
      'docker',
    );
    expect(output).toContain('1 step held: 2 of 2 checks, on docker');
    expect(exit).toBe(0);
  }, 300_000);

  test('does a scenario in its own container, without a capability more', async () => {
    const { exit, output } = await lanlab(OPTIONS, 'netns');
    expect(output).toContain('1 step held: 2 of 2 checks, on netns');
    expect(exit).toBe(0);
  }, 300_000);

  for (const option of OPTIONS) {
    test(`needs both options: ${option} alone is too little`, async () => {
      const { exit, output } = await lanlab([option], 'netns');
      expect(output).toContain('the engine netns does not answer');
      expect(exit).toBe(3);
    }, 300_000);
  }
});
