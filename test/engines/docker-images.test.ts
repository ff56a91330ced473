/** Images: what a build context holds, and when an image is built anew. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextHash, copiedSources, readContext } from '../../lab/engines/containers/context.ts';
import { agentSource, contextOf, SOURCES, serviceSource } from '../../lab/engines/containers/images.ts';
import { SERVICES } from '../../lab/model/types.ts';
import {
  AGENT_FILES,
  command,
  docker,
  failure,
  folder,
  labName,
  noDocker,
  plan,
  serviceFiles,
  up,
  writeInto,
} from './docker-fixture.ts';

describe('a build context', () => {
  const dockerfile = 'FROM x\n# COPY no no\nCOPY package*.json *.ts ./\nCOPY deep /deep\n';
  const files = {
    'it/Dockerfile': dockerfile,
    'package.json': '{}',
    'a.ts': 'a',
    'README.md': 'not copied',
    'deep/er/b.txt': 'b',
    'deep/node_modules/c.js': 'not ours',
  };

  test('has the Dockerfile and what it copies, and nothing else', async () => {
    const { files: found } = await readContext(await folder(files), 'it/Dockerfile');
    expect(found.map(({ path }) => path)).toEqual(['a.ts', 'deep/er/b.txt', 'it/Dockerfile', 'package.json']);
  });

  test('keeps its hash until a byte, a name, a mode or the base changes', async () => {
    const at = await folder(files);
    const hash = async (base = 'sha256:1') => contextHash(await readContext(at, 'it/Dockerfile'), base);
    const first = await hash();
    await writeInto(at, 'README.md', 'another text, and not copied');
    expect(await hash()).toBe(first);
    expect(await hash('sha256:2')).not.toBe(first);
    await writeInto(at, 'a.ts', 'A');
    const second = await hash();
    expect(second).not.toBe(first);
    await rm(join(at, 'a.ts'));
    await writeInto(at, 'b.ts', 'A');
    expect(await hash()).not.toBe(second);
  });

  test('is read from COPY lines of either form, continued lines too, but not from other stages', () => {
    const text =
      'COPY --chown=1:1 a b /to/\ncopy ["with space", "/to"]\nCOPY --from=x c /to\nADD d \\\n  e /to\nRUN COPY f g\n';
    expect(copiedSources(text)).toEqual(['a', 'b', 'with space', 'd', 'e']);
  });

  test('of the agent and of each service is not empty, and holds no packages', async () => {
    const agent = await readContext(SOURCES.agent, 'Dockerfile');
    const services = await Promise.all(
      SERVICES.map((each) => readContext(SOURCES.services, `${each}/Dockerfile`)),
    );
    for (const { files } of [agent, ...services]) {
      const paths = files.map(({ path }) => path);
      expect(paths.some((path) => path.endsWith('main.ts'))).toBe(true);
      expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
    }
  });
});

test('what lanlab itself builds has a bundle for all the sources of a program', async () => {
  const all = [agentSource(SOURCES), ...SERVICES.map((each) => serviceSource(SOURCES, each))];
  for (const { files } of await Promise.all(all.map(contextOf))) {
    const paths = files.map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('.ts'))).toEqual([]);
    expect(paths.filter((path) => path.endsWith('main.mjs'))).toHaveLength(1);
  }
});

describe.skipIf(noDocker)('an image', () => {
  const building = async (from: Parameters<typeof up>[0], net: number) => {
    const told: string[] = [];
    await using _live = await up(from, plan(labName(), net), (line) => told.push(line));
    return told.filter((line) => line.startsWith('building')).length;
  };

  test('is built when it is missing and when a file it copies has changed, and only then', async () => {
    const agent = await folder({ ...AGENT_FILES, 'README.md': 'one' });
    const from = { agent, services: await folder(serviceFiles('true')) };
    await writeInto(agent, 'echo.mjs', `${AGENT_FILES['echo.mjs']}// ${labName()}\n`);
    expect(await building(from, 64)).toBe(1);
    expect(await building(from, 64)).toBe(0);
    await writeInto(agent, 'README.md', 'two');
    expect(await building(from, 64)).toBe(0);
    await writeInto(agent, 'echo.mjs', `${AGENT_FILES['echo.mjs']}// ${labName()}\n`);
    expect(await building(from, 64)).toBe(1);
  });

  test('that two labs build at the same time serves both', async () => {
    const fresh = { ...AGENT_FILES, 'echo.mjs': `${AGENT_FILES['echo.mjs']}// ${labName()}\n` };
    const from = { agent: await folder(fresh), services: await folder(serviceFiles('true')) };
    expect(await Promise.all([building(from, 65), building(from, 66)])).toEqual([1, 1]);
  });

  test('is labelled with what it is for, and with no lab', async () => {
    const from = { agent: await folder(AGENT_FILES), services: await folder(serviceFiles('true')) };
    await using live = await up(from, plan(labName(), 67));
    const { Image } = await docker.getContainer(`lanlab-${live.id}-a`).inspect();
    const labels = (await docker.getImage(Image).inspect()).Config.Labels;
    expect(labels).toMatchObject({ 'lanlab.image': 'agent' });
    expect(Object.keys(labels)).not.toContain('lanlab.lab');
  });

  test('of somebody else that is not here and cannot be had is an error with its name', async () => {
    const from = { agent: await folder(AGENT_FILES), services: await folder(serviceFiles('true')) };
    const wanted = plan(labName(), 68, 1, {
      ...command('true'),
      image: 'localhost:1/nowhere/no-image:1',
    } as never);
    const error = await failure(up(from, wanted));
    expect(error.code).toBe('image');
    expect(error.message).toMatch(
      /^the image localhost:1\/nowhere\/no-image:1 is not here and could not be pulled: ./,
    );
    expect(error.hint).toContain('docker build -t localhost:1/nowhere/no-image:1');
  });

  test('whose service has no Dockerfile stops what is built beside it', async () => {
    const from = { agent: await folder(AGENT_FILES), services: await folder({ 'tcp-echo/x': '' }) };
    const error = await failure(
      up(from, plan(labName(), 69, 1, { kind: 'service', service: 'tcp-echo', env: {} })),
    );
    expect(error.code).toBe('image');
    expect(error.message).toContain('tcp-echo/Dockerfile');
  });
});
