/** `lanlab up` and `lanlab down` on some engines: a lab that stays, and one that is changed while it is up. */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LabState } from '../../lab/daemon/state.ts';
import type { EngineName } from '../../lab/engines/engine.ts';
import { networkNamespaces } from '../namespaces.ts';
import { descendants, running } from './command.ts';
import { edited, labs, leftOnDocker, onEngines, type Staying, staying } from './staying.ts';

const lab = (net: number, third: number) => `lab: staying
networks: { office: 10.${net}.${third}.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.${third}.10 } }
  alice: { networks: { office: 10.${net}.${third}.21 } }
`;

/** A lab stays up between commands, takes a new host in, and goes when it is told to or when its owner ends. */
export const labsThatStay = (...engines: EngineName[]) => labsThat('stays', engines);

/** What else can change in a lab that is up. */
export const labsThatChange = (...engines: EngineName[]) => labsThat('changes', engines);

function labsThat(part: 'stays' | 'changes', engines: readonly EngineName[]): Promise<void> {
  return onEngines(engines, `a lab that ${part}`, 145, (engine, net) => {
    let here: Staying;
    let file: string;
    const up = (...options: string[]) => here.lanlab('up', file, '--engine', engine, ...options);

    beforeEach(async () => {
      here = await staying();
      file = await here.scenario('staying', lab(net, 1));
    });
    afterEach(() => here[Symbol.asyncDispose]());

    if (part === 'stays') stays();
    else changes();

    function stays(): void {
      test('is up when the command ends, is listed, and can be got into; then it is down', async () => {
        const { exit, stdout, stderr } = await up();
        expect(stderr).toContain('bringing up staying');
        expect(exit).toBe(0);
        for (const way of ['lanlab exec alice -- ', 'lanlab shell alice', 'lanlab logs -f', 'lanlab down'])
          expect(stdout).toContain(way);
        const [listed] = await labs(here);
        expect(listed).toMatchObject({ lab: 'staying', engine, file, phase: 'up', alive: true });
        expect(listed?.hosts).toEqual([
          { name: 'echo', addresses: [`10.${net}.1.10`], program: 'tcp-echo' },
          { name: 'alice', addresses: [`10.${net}.1.21`] },
        ]);
        expect(await here.said('ps')).toMatch(new RegExp(`staying +staying-\\w+ +${engine} +up +2 `));
        const { stdout: answer } = await here.given(
          'hello',
          'exec',
          'alice',
          '--',
          'socat',
          '-',
          'TCP:echo:9000',
        );
        expect(answer).toBe('HELLO');
        const below = descendants(listed!.owner);
        using namespaces = networkNamespaces(below);
        expect(await here.said('down')).toBe(`staying is down (${listed!.id})\n`);
        expect(await labs(here)).toEqual([]);
        expect(await readdir(here.state)).toEqual([]);
        await expect.poll(() => running([listed!.owner, ...below])).toEqual([]);
        expect(namespaces.stillUsed()).toEqual([]);
        expect(await leftOnDocker(engine, listed!.id)).toEqual([]);
      }, 120_000);

      test('is not touched by a second up, which says that nothing has changed', async () => {
        await up();
        const [before] = await labs(here);
        const { exit, stdout } = await up();
        expect([exit, stdout]).toEqual([0, `staying is up (${before!.id}), and nothing has changed\n`]);
        expect(await labs(here)).toEqual([before]);
      }, 120_000);

      test('takes a new host in: who is connected stays connected, the same program runs, names resolve', async () => {
        await edited(file, (text) => text.replace(/\{ office: 10\.\d+\.1\.(10|21) \}/g, '[office]'));
        await up();
        const program = await programOf(here);
        // Sends its second line only when the file is there: after the change.
        const talk = 'echo first; until [ -e /tmp/go ]; do sleep 0.05; done; echo second';
        const talking = here.start(
          'exec',
          'alice',
          '--',
          'sh',
          '-c',
          `(${talk}) | socat -t 20 - TCP:10.${net}.1.1:9000`,
        );
        await talking.printed('FIRST');
        // Above the others: what was given to them stays theirs.
        await edited(file, (text) => text.replace('hosts:\n', 'hosts:\n  bob: { networks: [office] }\n'));

        const dry = await up('--dry-run');
        expect(dry.stdout).toContain(`+ host bob 10.${net}.1.3`);
        expect(dry.stdout).toContain('2 hosts go on as they are');
        expect((await labs(here))[0]?.hosts).toHaveLength(2);

        const { exit, stdout } = await up();
        expect(exit).toBe(0);
        expect(stdout).toContain(`+ host bob 10.${net}.1.3`);
        expect(await here.said('exec', 'echo', '--', 'getent', 'hosts', 'bob')).toContain(`10.${net}.1.3`);
        await here.said('exec', 'bob', '--', 'ping', '-c1', '-W5', 'alice');
        await here.said('exec', 'alice', '--', 'ping', '-c1', '-W5', 'bob');
        await here.said('exec', 'alice', '--', 'touch', '/tmp/go');
        const { stdout: heard, exit: over } = await talking.ended;
        expect([over, heard]).toEqual([0, 'FIRST\nSECOND\n']);
        expect(await programOf(here)).toBe(program);
      }, 180_000);

      test('whose owner was killed is gone, or goes with the next command', async () => {
        await up();
        const [listed] = await labs(here);
        const below = descendants(listed!.owner);
        using namespaces = networkNamespaces(below);
        process.kill(listed!.owner, 'SIGKILL');
        await expect.poll(() => running([listed!.owner])).toEqual([]);
        const { stdout, stderr } = await here.lanlab('ps');
        expect(stdout).toContain('no lab is up');
        expect(stderr).toContain(`removed what ${listed!.id} had left: its process had ended`);
        await expect.poll(() => running(below)).toEqual([]);
        expect(namespaces.stillUsed()).toEqual([]);
        expect(await readdir(here.state)).toEqual([]);
        expect(await leftOnDocker(engine, listed!.id)).toEqual([]);
        expect((await up()).exit).toBe(0);
      }, 180_000);

      test('is taken down in order when its owner is told to end', async () => {
        await up();
        const [listed] = await labs(here);
        process.kill(listed!.owner, 'SIGTERM');
        await expect.poll(() => running([listed!.owner]), { timeout: 20_000 }).toEqual([]);
        expect(await readdir(here.state)).toEqual([]);
        expect(await leftOnDocker(engine, listed!.id)).toEqual([]);
        expect((await up()).exit).toBe(0);
      }, 180_000);

      test.each(['SIGINT', 'SIGKILL'] as const)(
        'and whose command gets %s while it comes up is not there afterwards',
        async (signal) => {
          const command = here.start('up', file, '--engine', engine);
          await expect.poll(() => states(here), { timeout: 20_000 }).toHaveLength(1);
          const stateOf = async () => JSON.parse((await states(here))[0] ?? '{}') as Partial<LabState>;
          const { id } = await stateOf();
          const ownerOf = async () => (await stateOf()).owner?.pid ?? command.pid;
          await expect.poll(ownerOf, { timeout: 20_000 }).not.toBe(command.pid);
          const owner = await ownerOf();
          command.child.kill(signal);
          const { exit } = await command.ended;
          if (signal === 'SIGINT') expect(exit).toBe(130);
          await expect.poll(() => running([owner]), { timeout: 30_000 }).toEqual([]);
          expect(await readdir(here.state)).toEqual([]);
          expect(await leftOnDocker(engine, id!)).toEqual([]);
        },
        120_000,
      );
    }

    function changes(): void {
      test('lets a host go: it is gone, and so is its name; a changed one is made anew', async () => {
        await edited(file, (text) => `${text}  bob: { networks: { office: 10.${net}.1.22 } }\n`);
        await up();
        const program = await programOf(here);
        await here.said('exec', 'bob', '--', 'touch', '/tmp/mine');
        await edited(file, (text) =>
          text
            .replace(/ {2}alice.*\n/, '')
            .replace('.22 }', '.22 }, sysctls: { net.ipv4.ip_default_ttl: "33" }'),
        );
        const { stdout } = await up();
        expect(stdout).toContain('- host alice');
        expect(stdout).toContain(`~ host bob 10.${net}.1.22 (taken down and brought up again: sysctls)`);
        expect((await here.lanlab('exec', 'alice', '--', 'true')).stderr).toContain(
          'no host `alice` in staying',
        );
        expect((await here.lanlab('exec', 'echo', '--', 'getent', 'hosts', 'alice')).exit).toBe(2);
        // No host holds the namespace of another, which would live on. Those of the machine are older than the lab.
        const ofMachine = readFileSync('/proc/self/mountinfo', 'utf8').split(' /run/netns/').length - 1;
        const held = await here.lanlab(
          'exec',
          'echo',
          '--',
          'grep',
          '-c',
          ' /run/netns/',
          '/proc/self/mountinfo',
        );
        expect(Number(held.stdout)).toBeLessThanOrEqual(ofMachine);
        expect(
          await here.said('exec', 'bob', '--', 'sh', '-c', 'ls /tmp/mine 2>/dev/null || echo none'),
        ).toBe('none\n');
        expect(await here.said('exec', 'bob', '--', 'cat', '/proc/sys/net/ipv4/ip_default_ttl')).toBe('33\n');
        const { stdout: answer } = await here.given('hi', 'exec', 'bob', '--', 'socat', '-', 'TCP:echo:9000');
        expect(answer).toBe('HI');
        expect(await programOf(here)).toBe(program);
      }, 180_000);

      test('goes on with what is left where a change does not come up, and can be put right', async () => {
        await up();
        const program = await programOf(here);
        const clock = (program: string) => `  clock: { service: time, ${program}networks: [office] }\n`;
        const bad = clock('env: { PORT_NTP: seven, PORT_TIME: seven, PORT: seven }, ');
        await edited(file, (text) => text + bad);
        const { exit, stderr } = await up();
        expect(exit).toBe(3);
        expect(stderr).toContain('the program of clock ended at once');
        expect(stderr).toContain('still up: echo, alice');
        expect((await labs(here))[0]?.hosts.map(({ name }) => name)).toEqual(['echo', 'alice']);
        await edited(file, (text) => text.replace(bad, clock('')));
        expect((await up()).exit).toBe(0);
        await here.said('exec', 'alice', '--', 'ping', '-c1', '-W5', 'clock');
        expect(await programOf(here)).toBe(program);
      }, 180_000);

      test('moves to a network that is made anew, with its hosts', async () => {
        await up();
        await edited(file, () => lab(net, 2));
        const { stdout } = await up();
        expect(stdout).toContain(`~ network office 10.${net}.2.0/24`);
        const { stdout: answer } = await here.given(
          'hi',
          'exec',
          'alice',
          '--',
          'socat',
          '-',
          'TCP:echo:9000',
        );
        expect(answer).toBe('HI');
      }, 180_000);
    }
  });
}

/** The texts of the state files. */
async function states({ state }: Staying): Promise<string[]> {
  const names = await readdir(state).catch(() => []);
  return Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(state, name), 'utf8')),
  );
}

/** Pids and starts of the server on echo, in its host's own numbers. The pattern does not find itself. */
async function programOf(here: Staying): Promise<string> {
  const find = `for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -qE '[t]cp-echo(/main)?[.]mjs' && cut -d' ' -f1,22 $p/stat; done; true`;
  const found = await here.said('exec', 'echo', '--', 'sh', '-c', find);
  expect(found).toMatch(/^(\d+ \d+\n)+$/);
  return found;
}
