/** `docker compose up` for a scenario, as a person does it who has nothing but Docker. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeText } from '../lab/cli/compose.ts';
import { composeEngine } from '../lab/engines/compose/engine.ts';
import { baseImage } from '../lab/engines/containers/base.ts';
import { connect } from '../lab/engines/containers/connection.ts';
import { ROOT } from './cli/command.ts';
import { describeNeeding } from './needs.ts';

const LAN = 'scenarios/01-lan.yaml';

test('compose.yaml is what `lanlab compose` prints for the first scenario', async () => {
  const renew = `renew it: bin/lanlab compose ${LAN} > compose.new && mv compose.new compose.yaml`;
  expect(await readFile(join(ROOT, 'compose.yaml'), 'utf8'), renew).toBe(await composeText(LAN));
});

/** Everything is done by a command in a folder of its own, which names the sources from afar. */
let folder: string;
let base: string;
const project = `lanlab-test-${randomBytes(4).toString('hex')}`;
const ours = `com.docker.compose.project=${project}`;

interface Done {
  exit: number;
  said: string;
}

function run(file: string, args: string[]): Promise<Done> {
  const env = { ...process.env, BASE_IMAGE: base, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(file, args, { cwd: folder, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    );
  });
}

const compose = (...args: string[]) => run('docker', ['compose', '--project-name', project, ...args]);
const upOnce = () => compose('up', '--abort-on-container-exit', '--exit-code-from', 'lab');

/** `finished` is a host whose command ends at once: it must not end the run. */
const scenario = (receive: string, env = '{}') => `
lab: small
networks: { office: 10.76.10.0/24, store: 10.76.11.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.76.10.10, store: 10.76.11.10 }, env: ${env} }
  files: { service: files, tls: true, networks: { store: 10.76.11.11 }, files: { /srv/files/note.txt: "a note" } }
  finished: { command: [sh, -c, "echo $HOME; cat /srv/list.txt"], env: { HOME: "a$b" }, networks: [office], files: { /srv/list.txt: "a list\\n" } }
  alice: { networks: [office] }
  bob: { networks: [store] }
  router: { forward: true, networks: { office: 10.76.10.1, store: 10.76.11.1 } }
steps:
  - at: alice
    tcp: { to: "echo:9000", from: 40000, send: hello }
    expect: { receive: ${receive}, within: 1s, seen: { by: echo, event: accept, peer_port: 40000 } }
  - at: bob
    download: { to: files, name: note.txt }
    expect: { receive: { text: a note, end: true }, seen: files }
  - at: bob
    http: { to: "https://files/note.txt" }
    expect: { receive: a note }
  - at: alice
    exec: ping -c 1 -W 2 files
    expect: { receive: { matches: "ttl=63" } }
`;

async function write(text: string): Promise<void> {
  await writeFile(join(folder, 'small.yaml'), text);
  const { exit, said } = await run(join(ROOT, 'bin/lanlab'), ['compose', 'small.yaml']);
  expect([exit, said]).toEqual([0, expect.stringContaining('services:')]);
  await writeFile(join(folder, 'compose.yaml'), said);
}

/** What Docker has of the project, images apart. */
async function leftOver(): Promise<string[]> {
  const filters = { label: [ours] };
  const docker = connect();
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Names }) => Names[0]!),
    ...networks.map(({ Name }) => Name),
    ...(Volumes ?? []).map(({ Name }) => Name),
  ];
}

const report = await composeEngine({}).probe();
const lacking = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;

describeNeeding('docker', lacking, 'docker compose up', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-compose-'));
    const patience = { progress: () => {}, signal: new AbortController().signal };
    base = (await baseImage(connect(), patience)).reference;
  });
  afterAll(async () => {
    await compose('--profile', 'hosts', 'down', '--volumes');
    // `--rmi` does nothing where there is no container left.
    const images = await connect().listImages({ filters: { label: [ours] } });
    for (const { Id } of images) await connect().getImage(Id).remove({ force: true });
    await rm(folder, { recursive: true });
  }, 60_000);

  test('Docker Compose finds nothing wrong with compose.yaml', async () => {
    const { exit, said } = await run('docker', ['compose', '-f', join(ROOT, 'compose.yaml'), 'config', '-q']);
    expect([exit, said]).toEqual([0, '']);
  });

  test('it builds, does the steps, ends with 0 and leaves nothing after `down --volumes`', async () => {
    await write(scenario('HELLO'));
    const built = await compose('--profile', 'hosts', 'build', '--quiet');
    expect([built.exit, built.exit === 0 ? '' : built.said]).toEqual([0, '']);
    const { exit, said } = await compose(
      'up',
      '--build',
      '--abort-on-container-exit',
      '--exit-code-from',
      'lab',
    );
    expect(said).toContain('4 steps held: 6 of 6 checks, on compose');
    expect(said).toMatch(/finished-1 +\| a\$b\n.*finished-1 +\| a list\n/);
    expect(said).toMatch(/finished-1 +\| ended with exit code 0; its host stays/);
    expect(exit).toBe(0);
    expect(await leftOver()).not.toEqual([]);
    expect((await compose('down', '--volumes')).exit).toBe(0);
    expect(await leftOver()).toEqual([]);
  }, 300_000);

  test('a step that does not hold ends it with 1, and is told with what was found', async () => {
    await write(scenario('HELLOX'));
    const { exit, said } = await upOnce();
    expect(said).toMatch(/expected +"HELLOX"/);
    expect(said).toMatch(/found +"HELLO"/);
    expect(said).toContain('at small.yaml:12:5');
    expect(exit).toBe(1);
    await compose('down', '--volumes');
  }, 120_000);

  // The others take half a minute: test/soak/compose-up.test.ts does them too.
  if (!process.env.LANLAB_SOAK) return;

  test('a program that cannot start ends it with its own words, and not with 0', async () => {
    await write(scenario('HELLO', '{ PORT_ECHO: seven }'));
    const { exit, said } = await upOnce();
    expect(said).toMatch(/echo-1 +\| tcp-echo: PORT_ECHO is "seven"/);
    expect(exit).not.toBe(0);
    await compose('down', '--volumes');
  }, 120_000);

  test('the hosts alone stay up for a person, and the steps can be done on them again and again', async () => {
    await write(scenario('HELLO'));
    expect((await compose('up', '--detach', 'hosts')).exit).toBe(0);
    const names = await compose('exec', '-T', 'alice-agent', 'getent', 'hosts', 'echo');
    expect(names.said).toMatch(/^10\.76\.10\.10 +echo/);
    for (let again = 0; again < 2; again += 1) {
      const { exit, said } = await compose('run', '--rm', 'lab');
      expect([exit, said]).toEqual([0, expect.stringContaining('4 steps held: 6 of 6 checks')]);
    }
    await compose('--profile', 'hosts', 'down', '--volumes');
    expect(await leftOver()).toEqual([]);
  }, 120_000);

  test('plain `up` without the lab of a program that cannot start: the lab itself says why', async () => {
    await write(scenario('HELLO', '{ PORT_ECHO: seven }'));
    await compose('up', '--detach');
    const { exit, said } = await compose('run', '--rm', 'lab');
    expect(said).toMatch(/the program of echo ended at once \(exit code 1\): PORT_ECHO is "seven"/);
    expect(exit).toBe(3);
    await compose('down', '--volumes');
  }, 120_000);
});
