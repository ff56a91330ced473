/** Nothing is left of a lab of the engine `compose`, however it ends; and it says why where it cannot be used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { composeEngine } from '../../lab/engines/compose/engine.ts';
import { connect } from '../../lab/engines/containers/connection.ts';
import { LAB, NAME } from '../../lab/engines/containers/labels.ts';
import { ROOT } from '../cli/command.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const small = (name: string, net: number, extra = '') => `
lab: ${name}
networks: { net: 10.76.${net}.0/24 }
hosts: { echo: { service: tcp-echo, networks: [net] }, files: { service: files, networks: [net], files: { /srv/files/a: b } }${extra} }
`;

async function labelled(label: string): Promise<string[]> {
  const filters = { label: [label] };
  const docker = connect();
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Labels }) => `container ${Labels['com.docker.compose.service']}`),
    ...networks.map(({ Labels }) => `network ${Labels?.['com.docker.compose.network']}`),
    ...(Volumes ?? []).map(({ Labels }) => `volume ${Labels?.['com.docker.compose.volume']}`),
  ].sort();
}

const folders = (id: string) => readdirSync(tmpdir()).filter((name) => name.includes(id));

test('where there is no Docker Engine the report says so, with the hint', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  expect(await composeEngine({}).probe()).toMatchObject({
    name: 'compose',
    lacking: {
      why: expect.stringContaining('no Docker Engine answers'),
      hint: expect.stringMatching(/DOCKER_HOST/),
    },
  });
});

test('inside, without the agents’ sockets, it says what to start', async () => {
  const engine = composeEngine({ LANLAB_SOCKETS: '/nowhere', LANLAB_EVENTS: '/nowhere' });
  expect(await engine.probe()).toMatchObject({
    lacking: { why: expect.stringContaining('ENOENT'), hint: 'start it with `docker compose up`' },
  });
});

const { lacking } = await composeEngine({}).probe();
describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'a lab of the engine compose', () => {
  test('where Docker has no Compose the report says so, with the packages that have it', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(await composeEngine({}).probe()).toEqual({
      name: 'compose',
      lacking: {
        why: 'Docker answers, but not its plugin Compose (docker compose: there is no command `docker` here)',
        hint: 'install it (Debian: apt-get install docker-compose, Docker: docker-compose-plugin)',
      },
    });
  });

  test('everything of it carries its labels while it is up, and is gone after', async () => {
    const lab = await labOf(composeEngine({}), small('small', 20, ', alice: { networks: [net] }'));
    const label = `${LAB}=${lab.id}`;
    expect(await labelled(label)).toEqual([
      'container alice-agent',
      'container echo',
      'container echo-agent',
      'container files',
      'container files-agent',
      'network net',
      'volume files-files-0',
    ]);
    expect(folders(lab.id)).toHaveLength(1);
    expect(await shell(hostOf(lab, 'files'), 'cat /srv/files/a')).toBe('b');
    await lab[Symbol.asyncDispose]();
    expect(await labelled(label)).toEqual([]);
    expect(folders(lab.id)).toEqual([]);
  }, 60_000);

  test('a lab that Docker refuses halfway leaves nothing, and the refusal is told in its words', async () => {
    const name = `refused-${process.pid}`;
    const wrong = small(
      name,
      21,
      ', web: { command: [sleep, "9"], networks: [net], sysctls: { net.nothing: "1" } }',
    );
    await expect(labOf(composeEngine({}), wrong)).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringMatching(/^Docker could not start the host web: .*nothing/s),
    });
    expect(await labelled(`${NAME}=${name}`)).toEqual([]);
    expect(folders(name)).toEqual([]);
  }, 60_000);

  test('what a lab leaves whose owner is killed, the next sweep removes: containers, networks, volumes, folder', async () => {
    const name = `killed-${process.pid}`;
    const scenarios = await mkdtemp(join(tmpdir(), 'lanlab-compose-'));
    const file = join(scenarios, 'killed.yaml');
    await writeFile(file, `${small(name, 22)}steps: [{ at: echo, exec: sleep 100 }]\n`);
    const child = spawn(
      process.execPath,
      [join(ROOT, 'lab/cli/main.ts'), 'run', '--engine', 'compose', file],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let trouble = '';
    child.stderr.on('data', (more) => {
      trouble += more;
    });
    const exit = once(child, 'exit');
    // The picture of the network is printed when everything is up.
    for (let said = ''; !said.includes('echo'); ) {
      const more = await Promise.race([once(child.stdout, 'data'), exit.then(() => undefined)]);
      if (!more) throw new Error(`it ended before it was up: ${trouble}`);
      said += more[0];
    }
    child.kill('SIGKILL');
    await exit;
    expect(await labelled(`${NAME}=${name}`)).toHaveLength(6);
    const swept = await composeEngine({}).sweep([]);
    expect(swept.filter((id) => id.startsWith(name))).toHaveLength(1);
    expect(await labelled(`${NAME}=${name}`)).toEqual([]);
    expect(folders(`lanlab-${name}`)).toEqual([]);
    await rm(scenarios, { recursive: true });
  }, 180_000);
});
