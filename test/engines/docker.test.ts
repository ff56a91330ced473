/** A lab on Docker, looked at from outside: labels, addresses, streams, programs, and taking down. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import type { Sources } from '../../lab/engines/containers/images.ts';
import { bringUp } from '../../lab/engines/containers/lab.ts';
import { LabError } from '../../lab/errors.ts';
import {
  command,
  docker,
  failure,
  hearing,
  labelled,
  labName,
  noDocker,
  plan,
  shell,
  sources,
  up,
} from './docker-fixture.ts';

const text = (content: string) => ({ text: content });

describe.skipIf(noDocker)('a lab on Docker', () => {
  test('every object of a lab carries its id, its name and its owner, and hosts their own name', async () => {
    const name = labName();
    const wanted = plan(name, 0, 2, { kind: 'service', service: 'tcp-echo', env: {} });
    wanted.hosts[0]!.files = [{ path: '/srv/files/a', content: text('a') }];
    await using live = await up(await sources(), wanted);
    await live.start(wanted.hosts[0]!, hearing());
    expect(live.id).toMatch(new RegExp(`^${name}-`));
    const objects = [
      `container lanlab-${live.id}-a`,
      `container lanlab-${live.id}-a.1`,
      `container lanlab-${live.id}-b`,
      `network lanlab-${live.id}-net`,
      'volume',
    ];
    expect(await labelled(`lanlab.lab=${live.id}`)).toEqual(objects);
    expect(await labelled(`lanlab.name=${name}`)).toEqual(objects);
    expect(
      await labelled('lanlab.owner').then((all) => all.filter((each) => each.includes(live.id))),
    ).toEqual(objects.filter((each) => each !== 'volume'));
    const [owner] = (await docker.listContainers({ filters: { label: [`lanlab.lab=${live.id}`] } })).map(
      ({ Labels }) => Labels['lanlab.owner'],
    );
    expect(owner).toMatch(new RegExp(`^[0-9a-f-]{36}/\\d+:${process.pid}:\\d+$`));
    const filters = { label: [`lanlab.lab=${live.id}`, 'lanlab.host=a'] };
    expect(await docker.listContainers({ filters })).toHaveLength(2);
  });

  test('a host has its address and its MAC on each of its networks, and no gateway of the machine is there', async () => {
    const wanted = plan(labName(), 1);
    const second = {
      name: 'far',
      subnets: [
        {
          family: 'ipv4' as const,
          subnet: '10.61.2.0/24',
          prefix: 24,
          engineAddress: '10.61.2.254',
          broadcast: '',
        },
      ],
      mtu: 1500,
      internet: false,
    };
    wanted.networks.push(second);
    const [card] = wanted.hosts[0]!.interfaces;
    const far = { ...card!.addresses[0]!, address: '10.61.2.77' };
    const other = { ...card!, name: 'eth1', network: 'far', addresses: [far], mac: '02:00:00:3d:02:77' };
    wanted.hosts[0]!.interfaces.push(other);
    wanted.hosts[0]!.sysctls = { 'net.ipv4.ip_forward': '1' };
    await using live = await up(await sources(), wanted);
    const { NetworkSettings, HostConfig } = await docker.getContainer(`lanlab-${live.id}-a`).inspect();
    const found = Object.entries(NetworkSettings.Networks).map(([on, at]) => [
      on,
      at.IPAddress,
      at.MacAddress,
    ]);
    expect(found.sort()).toEqual([
      [`lanlab-${live.id}-far`, '10.61.2.77', '02:00:00:3d:02:77'],
      [`lanlab-${live.id}-net`, card!.addresses[0]!.address, card!.mac],
    ]);
    expect(HostConfig.Sysctls).toMatchObject({
      'net.ipv4.ip_forward': '1',
      'net.ipv6.conf.all.disable_ipv6': '1',
    });
    const network = await docker.getNetwork(`lanlab-${live.id}-net`).inspect();
    expect(network).toMatchObject({ Internal: false, EnableIPv6: false });
    expect(network.Options).toMatchObject({
      'com.docker.network.bridge.inhibit_ipv4': 'true',
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
    });
  });

  test('two labs come up side by side', async () => {
    const from = await sources();
    const both = await Promise.all([3, 4].map((net) => up(from, plan('twin', net, 3))));
    await using first = both[0]!;
    await using second = both[1]!;
    expect(first.id).not.toBe(second.id);
    first.stream('c').end('one');
    second.stream('c').end('two');
    expect(`${await buffer(first.stream('c'))} ${await buffer(second.stream('c'))}`).toBe('one two');
  });
});

describe.skipIf(noDocker)("an agent's stream", () => {
  test('starts the agent with its first byte; a host that nobody asks anything runs none', async () => {
    await using live = await up(await sources(), plan(labName(), 18, 2));
    const runs = async (host: string) => {
      const { Processes } = await docker.getContainer(`lanlab-${live.id}-${host}`).top();
      return (Processes as string[][]).map((columns) => columns.at(-1)!.split(' ')[0]);
    };
    expect(await Promise.all([runs('a'), runs('b')])).toEqual([['sh'], ['sh']]);
    const stream = live.stream('a');
    stream.write('hello');
    expect(String((await once(stream, 'data'))[0])).toBe('hello');
    expect(await Promise.all([runs('a'), runs('b')])).toEqual([['sh', 'node'], ['sh']]);
  });

  test('brings back every byte, in order, also to a slow reader', async () => {
    await using live = await up(await sources(), plan(labName(), 5));
    const sent = randomBytes(8 * 1024 * 1024);
    const stream = live.stream('a');
    Readable.from(pieces(sent), { objectMode: false }).pipe(stream);
    const hash = createHash('sha256');
    for await (const bytes of stream) {
      hash.update(bytes);
      await pause(0);
    }
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
  });

  test('does not take more than its reader wants', async () => {
    await using live = await up(await sources(), plan(labName(), 6));
    const stream = live.stream('a');
    const piece = Buffer.alloc(64 * 1024);
    const limit = 64 * 1024 * 1024;
    let written = 0;
    let blocked = false;
    while (!blocked && written < limit) {
      written += piece.length;
      if (!stream.write(piece)) {
        blocked = !(await Promise.race([once(stream, 'drain'), pause(1000, false)]));
      }
    }
    expect(blocked).toBe(true);
    expect(stream.readableLength).toBeLessThan(1024 * 1024);
  });

  test("ends with an error that has the agent's last words when it ends unasked", async () => {
    await using live = await up(await sources(), plan(labName(), 7));
    const ended = once(live.stream('a'), 'error');
    live.stream('a').write('die');
    const [error] = await ended;
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).code).toBe('agent');
    expect((error as LabError).message).toBe('the agent of a has ended; it said:\nout of ideas');
  });
});

describe.skipIf(noDocker)('a program', () => {
  const from: Promise<Sources> = sources(
    'cat /srv/files/a /srv/files/b/c; grep CapBnd /proc/self/status; touch /x',
  );

  test('is heard line by line, on both outputs, and has been heard out when it has ended', async () => {
    const wanted = plan(labName(), 8, 1, shell('echo one; echo two >&2; printf three; exit 4'));
    await using live = await up(await from, wanted);
    const heard = hearing();
    const program = await live.start(wanted.hosts[0]!, heard);
    expect(await program.ended).toEqual({ exit: 4, signal: null });
    expect(heard.lines.filter((line) => !line.startsWith('!'))).toEqual(['one', 'three']);
    expect(heard.lines.filter((line) => line.startsWith('!'))).toEqual(['! two']);
  });

  test('that says much and ends has been heard out, too', async () => {
    const wanted = plan(labName(), 17, 1, command('seq', '300000'));
    await using live = await up(await from, wanted);
    const heard = hearing();
    await (await live.start(wanted.hosts[0]!, heard)).ended;
    expect([heard.lines.length, heard.lines.at(-1)]).toEqual([300_000, '300000']);
  });

  test('is on the network stack and in the hosts file of its host, and has no capability', async () => {
    const wanted = plan(
      labName(),
      9,
      1,
      shell('cat /proc/net/fib_trie; id -u; hostname; grep CapBnd /proc/self/status'),
    );
    await using live = await up(await from, wanted);
    const heard = hearing();
    await (await live.start(wanted.hosts[0]!, heard)).ended;
    expect(heard.lines.join('\n')).toContain('10.61.9.10');
    expect(heard.lines.slice(-3)).toEqual(['65534', 'a', 'CapBnd:\t0000000000000000']);
  });

  test('of ours has a read-only root, no capability, and the files of its host', async () => {
    const wanted = plan(labName(), 10, 1, { kind: 'service', service: 'tcp-echo', env: {} });
    wanted.hosts[0]!.files = [
      { path: '/srv/files/a', content: text('first\n') },
      { path: '/srv/files/b/c', content: text('second\n') },
      { path: '/etc/motd', content: text('hello\n') },
    ];
    await using live = await up(await from, wanted);
    const heard = hearing();
    const program = await live.start(wanted.hosts[0]!, heard);
    expect(await program.ended).toEqual({ exit: 1, signal: null });
    // Two streams: each in its own order.
    const [said, complained] = [0, 1].map((side) =>
      heard.lines.filter((line) => line.startsWith('! ') === (side === 1)),
    );
    expect(said).toEqual(['first', 'second', 'CapBnd:\t0000000000000000']);
    expect(complained).toEqual([expect.stringContaining('Read-only file system')]);
  });

  test('of any kind has files in any folder; without a program the agent has them', async () => {
    const files = [
      { path: '/top', content: text('top\n') },
      { path: `/deep/${'long/'.repeat(30)}file`, content: { repeat: 'x', times: 700 } },
    ];
    const wanted = plan(labName(), 11, 2, shell(`cat /top ${files[1]!.path}`));
    for (const host of wanted.hosts) host.files = files;
    await using live = await up(await from, wanted);
    const heard = hearing();
    await (await live.start(wanted.hosts[0]!, heard)).ended;
    expect(heard.lines).toEqual(['top', 'x'.repeat(700)]);
    const agent = docker.getContainer(`lanlab-${live.id}-b`);
    const archive = await buffer((await agent.getArchive({ path: files[1]!.path })) as Readable);
    expect(archive.includes('x'.repeat(700))).toBe(true);
  });

  test('ends by the signal it is sent, and can be started again', async () => {
    const wanted = plan(labName(), 12, 1, shell('echo up; exec sleep 1000'));
    await using live = await up(await from, wanted);
    for (const name of ['SIGTERM', 'SIGKILL'] as const) {
      const heard = hearing();
      const program = await live.start(wanted.hosts[0]!, heard);
      await heard.line((line) => line === 'up');
      await program.signal(name);
      expect(await program.ended).toEqual({ exit: null, signal: name });
      await program.signal('SIGTERM');
      // The network and the agent; the program's container goes when it has ended.
      await expect.poll(() => labelled(`lanlab.lab=${live.id}`), { timeout: 10_000 }).toHaveLength(2);
    }
    live.stream('a').end('still here');
    expect(String(await buffer(live.stream('a')))).toBe('still here');
  });

  test('stands still from SIGSTOP to SIGCONT', async () => {
    const wanted = plan(labName(), 13, 1, command('sleep', '1000'));
    await using live = await up(await from, wanted);
    const program = await live.start(wanted.hosts[0]!, hearing());
    const state = async () => {
      const container = docker.getContainer(`lanlab-${live.id}-a.1`);
      return (await container.top({ ps_args: '-o pid,stat' })).Processes[0][1][0];
    };
    await program.signal('SIGSTOP');
    await expect.poll(state).toBe('T');
    await program.signal('SIGCONT');
    await expect.poll(state).toBe('S');
  });

  test('is not started where the engine does not say what it can do, and is asked again at the next start', async () => {
    const wanted = plan(labName(), 21, 1, shell('sleep 1000'));
    const engine = new Docker();
    const info = engine.info.bind(engine);
    let asked = 0;
    engine.info = () => (++asked === 1 ? Promise.reject(new Error('not now')) : info());
    const options = { progress: () => {}, signal: new AbortController().signal };
    await using live = await bringUp(engine, wanted, await sources(), options);
    await expect(live.start(wanted.hosts[0]!, hearing())).rejects.toThrow('not now');
    const programs = () => docker.listContainers({ all: true, filters: { name: [`lanlab-${live.id}-a.`] } });
    expect(await programs()).toEqual([]);
    await live.start(wanted.hosts[0]!, hearing());
    expect(await programs()).toHaveLength(1);
    await live.start(wanted.hosts[0]!, hearing());
    expect(asked).toBe(2);
  });

  test("can be somebody else's image, as it is or with a command", async () => {
    await using first = await up(await from, plan(labName(), 15));
    const image = (await docker.getContainer(`lanlab-${first.id}-a`).inspect()).Image;
    const wanted = plan(labName(), 16, 2, { kind: 'image', image, env: {} });
    wanted.hosts[1]!.program = {
      kind: 'command',
      argv: ['sh', '-c', 'id -u; echo $GREETING'],
      image,
      env: { GREETING: 'hi' },
    };
    await using live = await up(await from, wanted);
    const heard = hearing();
    const [asItIs, withCommand] = await Promise.all(wanted.hosts.map((host) => live.start(host, heard)));
    expect(await asItIs!.ended).toEqual({ exit: 0, signal: null });
    expect(await withCommand!.ended).toEqual({ exit: 0, signal: null });
    expect(heard.lines).toEqual(['0', 'hi']);
  });

  test('that is not in the image is an error that names it and the host', async () => {
    const wanted = plan(labName(), 14, 1, command('no-such-program'));
    await using live = await up(await from, wanted);
    const error = await failure(live.start(wanted.hosts[0]!, hearing()));
    expect(error.code).toBe('program');
    expect(error.message).toMatch(/program of a: .*"no-such-program": executable file not found/);
    expect(error.hint).toMatch(/name an image that has it/);
    expect(await labelled(`lanlab.lab=${live.id}`)).toEqual([
      `container lanlab-${live.id}-a`,
      `network lanlab-${live.id}-net`,
    ]);
  });
});

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}
