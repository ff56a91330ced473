/** Signals reach all that a program is, in whatever form it was written and whatever it has started, on every engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcessState } from '../../lab/agent/protocol.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { kill } from '../../lab/faults/kill.ts';
import { pause } from '../../lab/faults/pause.ts';
import { stop } from '../../lab/faults/stop.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

/** Says `hello` to whoever connects to the port. `deaf`: SIGTERM is ignored. */
export const SERVER = `
use IO::Socket::INET;
$SIG{TERM} = 'IGNORE' if ($ARGV[1] // '') eq 'deaf';
my $server = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die "no port: $!";
while (my $client = $server->accept) { print $client "hello"; close $client }
`;
/** In a session of its own, twice removed from whoever started it. */
const DAEMON = `
use POSIX;
fork && exit; POSIX::setsid(); fork && exit;
exec 'perl', '/srv/serve.pl', @ARGV;
`;

/** By host: what it runs, and the ports that are then open. */
const PROGRAMS: Readonly<Record<string, { readonly command: string | string[]; readonly ports: number[] }>> =
  {
    line: { command: 'perl /srv/serve.pl 8000', ports: [8000] },
    list: { command: ['perl', '/srv/serve.pl', '8000'], ports: [8000] },
    after: { command: 'cd /srv; perl serve.pl 8000; true', ports: [8000] },
    children: {
      command: 'perl /srv/serve.pl 8001 & perl /srv/serve.pl 8000 & wait',
      ports: [8000, 8001],
    },
    background: { command: 'perl /srv/serve.pl 8001 & exec perl /srv/serve.pl 8000', ports: [8000, 8001] },
    daemon: { command: 'perl /srv/daemon.pl 8001; exec perl /srv/serve.pl 8000', ports: [8000, 8001] },
  };
const DEAF = {
  deaf: { command: 'exec perl /srv/serve.pl 8000 deaf', ports: [8000] },
  'deaf-daemon': {
    command: 'perl /srv/daemon.pl 8001 deaf; exec perl /srv/serve.pl 8000',
    ports: [8000, 8001],
  },
};

function scenario(net: number): string {
  const files = { '/srv/serve.pl': SERVER, '/srv/daemon.pl': DAEMON };
  const hosts = Object.entries({ ...PROGRAMS, ...DEAF }).map(([name, { command, ports }]) => [
    name,
    { networks: ['net'], command, files, ready: { tcp: ports[0] } },
  ]);
  return JSON.stringify({
    lab: 'signals',
    networks: { net: `10.${net}.1.0/24` },
    hosts: { asker: { networks: ['net'] }, ...Object.fromEntries(hosts) },
  });
}

/** The engine's networks are 10.NET.x.0/24. */
export async function signalContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `signals on ${engine.name}`, () => {
    let lab: LiveLab;
    const host = (name: string) => hostOf(lab, name);
    /** What each port says: a word, or how it refuses. */
    const said = (name: string, ports: readonly number[]): Promise<string[]> =>
      Promise.all(ports.map((port) => greeting(host('asker'), host(name), port)));

    beforeAll(async () => {
      lab = await labOf(engine, scenario(net));
    });
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });

    describe.each(Object.entries(PROGRAMS))('a program that is `%s`', (name, { ports }) => {
      const all = (word: string): string[] => ports.map(() => word);
      const up = async () => expect.poll(() => said(name, ports)).toEqual(all('hello'));

      test('stands still as a whole, and goes on as one', async () => {
        await up();
        const nap = await pause.begin(name, lab.hosts);
        const states = (await running(host(name))).map(({ state }) => state);
        expect(new Set(states)).toEqual(new Set(['T']));
        expect(nap.did).toMatch(
          states.length === 1 ? /: process .* is stopped$/ : /: processes .*, .* are stopped$/,
        );
        expect(await said(name, ports)).toEqual(all('timeout'));
        await nap.heal();
        await up();
      });

      test.each([
        ['stopped', stop],
        ['killed', kill],
      ])('is %s as a whole, and its ports are free', async (_, fault) => {
        await up();
        const rest = await fault.begin(name, lab.hosts);
        expect(await running(host(name))).toEqual([]);
        expect(await said(name, ports)).toEqual(all('refused'));
        await rest.heal();
        await up();
      });

      test('is killed as a whole while it stands still', async () => {
        await up();
        await pause.begin(name, lab.hosts);
        const crash = await kill.begin(name, lab.hosts);
        expect(await said(name, ports)).toEqual(all('refused'));
        await crash.heal();
        await up();
      });
    });

    test('what of it ignores SIGTERM is named, and killed after that', async () => {
      // On Docker a container's end kills what its first process leaves behind.
      const deaf = Object.entries(DEAF).filter(([name]) => engine.name === 'netns' || name === 'deaf');
      await Promise.all(
        deaf.map(async ([name, { ports }]) => {
          await expect.poll(() => said(name, ports)).toEqual(ports.map(() => 'hello'));
          await expect(stop.begin(name, lab.hosts)).rejects.toThrow(
            /still runs 10 s after SIGTERM: process \d+ \(perl\)$/,
          );
          await kill.begin(name, lab.hosts);
          expect(await running(host(name))).toEqual([]);
          expect(await said(name, ports)).toEqual(ports.map(() => 'refused'));
        }),
      );
    });

    test('what a step has left running on the host is not of the program', async () => {
      await shell(host('line'), 'setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $! >/tmp/left');
      await (await kill.begin('line', lab.hosts)).heal();
      expect(
        await shell(host('line'), 'kill -0 $(cat /tmp/left) && kill $(cat /tmp/left) && echo runs'),
      ).toBe('runs\n');
    });
  });
}

/** One that only waits for its parent's look at it has ended. */
async function running({ agent }: LiveHost): Promise<ProcessState[]> {
  return (await agent.processes()).filter(({ state }) => state !== 'Z');
}

export async function greeting({ agent }: LiveHost, to: LiveHost, port: number): Promise<string> {
  const address = to.plan.interfaces[0]!.addresses[0]!.address;
  try {
    const { handle } = await agent.tcpConnect({ to: { address, port }, giveUp: 1000 });
    try {
      const { bytes } = await agent.tcpReceive({ handle, max: 100, giveUp: 300 });
      return Buffer.from(bytes).toString();
    } finally {
      await agent.close({ handle });
    }
  } catch (error) {
    return (error as { data?: { kind?: string } }).data?.kind ?? String(error);
  }
}
