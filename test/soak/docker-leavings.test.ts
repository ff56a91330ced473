/** Nothing of a lab on Docker is left behind, however it ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { baseImage } from '../../lab/engines/containers/base.ts';
import type { Sources } from '../../lab/engines/containers/images.ts';
import { isDead, LAB, NAME, newLab, OWNER, owner } from '../../lab/engines/containers/labels.ts';
import { createNetwork, refuseTaken } from '../../lab/engines/containers/networks.ts';
import { takeDown } from '../../lab/engines/containers/take-down.ts';
import { sweep } from '../../lab/engines/docker/index.ts';
import type { LiveNetwork } from '../../lab/engines/engine.ts';
import type { Plan } from '../../lab/model/planned.ts';
import {
  AGENT_FILES,
  command,
  docker,
  failure,
  folder,
  hearing,
  labelled,
  labName,
  noDocker,
  plan,
  serviceFiles,
  shell,
  sources,
  up,
} from '../engines/docker-fixture.ts';

const left = (name: string) => labelled(`lanlab.name=${name}`);

describe.skipIf(noDocker)('nothing of a lab is left', () => {
  const from: Promise<Sources> = sources();

  test('after it was disposed of, also twice at once, with a program under way', async () => {
    const name = labName();
    const wanted = plan(name, 32, 3, command('sleep', '1000'));
    wanted.hosts[0]!.files = [{ path: '/srv/a', content: { text: 'a' } }];
    const live = await up(await from, wanted);
    const program = await live.start(wanted.hosts[0]!, hearing());
    expect(await left(name)).toHaveLength(6);
    await Promise.all([live[Symbol.asyncDispose](), live[Symbol.asyncDispose]()]);
    expect(await left(name)).toEqual([]);
    expect(await program.ended).toEqual({ exit: null, signal: 'SIGKILL' });
  });

  test('after two took it down at once', async () => {
    const name = labName();
    const live = await up(await from, plan(name, 44, 4));
    await Promise.all([takeDown(docker, live.id), live[Symbol.asyncDispose](), takeDown(docker, live.id)]);
    expect(await left(name)).toEqual([]);
  });

  test('after it was disposed of with an agent that does not end with its input', async () => {
    const name = labName();
    const stubborn = {
      ...AGENT_FILES,
      'echo.mjs': `${AGENT_FILES['echo.mjs']}setInterval(() => {}, 1e6);\n`,
    };
    const live = await up({ ...(await from), agent: await folder(stubborn) }, plan(name, 45));
    live.stream('a').write('hello');
    await once(live.stream('a'), 'data');
    await live[Symbol.asyncDispose]();
    expect(await left(name)).toEqual([]);
  });

  test('after it was disposed of while a program was starting', async () => {
    const name = labName();
    const wanted = plan(name, 33, 1, command('sleep', '1000'));
    const live = await up(await from, wanted);
    const starting = live.start(wanted.hosts[0]!, hearing());
    await vi.waitUntil(async () => (await left(name)).some((one) => one.endsWith('.1')));
    await live[Symbol.asyncDispose]();
    await starting;
    expect(await left(name)).toEqual([]);
    expect((await failure(live.start(wanted.hosts[0]!, hearing()))).code).toBe('interrupted');
  });

  test('after a subnet was found taken, and the Docker network that has it is named', async () => {
    const name = labName();
    const taken = `${name}-foreign`;
    const subnet = '10.61.34.128/25';
    const foreign = await docker.createNetwork({ Name: taken, IPAM: { Config: [{ Subnet: subnet }] } });
    try {
      const error = await failure(up(await from, plan(name, 34)));
      expect(error.code).toBe('engine');
      expect(error.message).toBe(
        `the subnet 10.61.34.0/24 of net is taken: the Docker network ${taken} uses it (${subnet})`,
      );
      expect(error.hint).toBe('give net another subnet');
      expect(await left(name)).toEqual([]);
    } finally {
      await foreign.remove();
    }
  });

  test('after a subnet was found to be that of another lab, which is named', async () => {
    const [name, other] = [labName(), labName()];
    await using live = await up(await from, plan(other, 35));
    const error = await failure(up(await from, plan(name, 35)));
    expect(error.message).toBe(
      `the subnet 10.61.35.0/24 of net is taken: the lab ${other} (${live.id}) uses it (10.61.35.0/24)`,
    );
    expect(error.hint).toContain('lanlab down');
    expect(await left(name)).toEqual([]);
  });

  test('after a subnet was found to be one that this machine is in', async () => {
    const name = labName();
    const [found] = Object.entries(networkInterfaces()).flatMap(([card, addresses = []]) =>
      addresses.flatMap(({ cidr, family }) => (cidr && family === 'IPv4' ? [{ card, cidr }] : [])),
    );
    const { card, cidr } = found ?? { card: 'lo', cidr: '127.0.0.1/8' };
    const wanted = plan(name, 0);
    wanted.networks[0]!.subnets[0]!.subnet = `${cidr.split('/')[0]}/30`;
    const error = await failure(up(await from, wanted));
    expect(error.message).toMatch(`is taken: this machine is itself in ${cidr} (${card})`);
    expect(await left(name)).toEqual([]);
  });

  test('after two labs came for one subnet at the same time: one is up, the other names it', async () => {
    const name = labName();
    const both = await Promise.allSettled([up(await from, plan(name, 36)), up(await from, plan(name, 36))]);
    const won = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const lost = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(won).toHaveLength(1);
    expect(lost[0].message).toContain(`the lab ${name} (${won[0]?.id}) uses it`);
    await won[0]?.[Symbol.asyncDispose]();
    expect(await left(name)).toEqual([]);
  });

  test('after the second of three hosts could not come up', async () => {
    const name = labName();
    const wanted = plan(name, 37, 3);
    wanted.hosts[1]!.interfaces[0]!.addresses = wanted.hosts[0]!.interfaces[0]!.addresses;
    const error = await failure(up(await from, wanted));
    expect(error.code).toBe('engine');
    expect(error.message).toMatch(/^Docker could not bring up the host [ab]: .*Address already in use/);
    expect(await left(name)).toEqual([]);
  });

  test("after an image could not be built, and the error has the build's last lines", async () => {
    const name = labName();
    const broken = {
      ...AGENT_FILES,
      Dockerfile: `${AGENT_FILES.Dockerfile}RUN echo so far so good; echo then not >&2; exit 9\n`,
    };
    const error = await failure(up({ ...(await from), agent: await folder(broken) }, plan(name, 38)));
    expect(error.code).toBe('image');
    expect(error.message).toMatch(/^the image of agent could not be built: .*non-zero code: 9/);
    expect(error.message.split('\n')).toEqual(expect.arrayContaining(['  so far so good', '  then not']));
    expect(error.message).not.toContain('FROM');
    expect(error.hint).toMatch(/\/Dockerfile\)$/);
    expect(await left(name)).toEqual([]);
  });

  test.each([0, 1, 2, 3, 5])('after an abort when %i of its objects had come into being', async (count) => {
    const name = labName();
    const abort = new AbortController();
    const seen = await events(`lanlab.name=${name}`);
    const made = (async () => {
      for (let index = 0; index < count; index++) await seen.next(['create']);
      abort.abort();
    })();
    const error = await failure(up(await from, plan(name, 39, 10), () => {}, abort.signal));
    await made;
    seen.stop();
    expect(error.code).toBe('interrupted');
    expect(await left(name)).toEqual([]);
  });

  test('after an abort in the middle of a build', async () => {
    const name = labName();
    const slow = { ...AGENT_FILES, Dockerfile: `${AGENT_FILES.Dockerfile}RUN sleep 1000\n` };
    const abort = new AbortController();
    const progress = (line: string) => line.includes('RUN sleep') && abort.abort();
    const from = { agent: await folder(slow), services: await folder(serviceFiles('true')) };
    expect((await failure(up(from, plan(name, 40), progress, abort.signal))).code).toBe('interrupted');
    expect(await left(name)).toEqual([]);
  });
});

describe.skipIf(noDocker)('a lab whose owner was killed', () => {
  let foreign: string | undefined;
  afterEach(async () => {
    if (foreign) await docker.getContainer(foreign).remove({ force: true });
    foreign = undefined;
  });

  test('loses its agents by itself and the rest to the next sweep; others keep theirs', async () => {
    const from = await sources();
    const [name, living] = [labName(), labName()];
    const wanted = plan(name, 41, 3, shell('echo up; sleep 1000'));
    await using live: LiveNetwork = await up(from, plan(living, 42));
    const image = (await docker.getContainer(`lanlab-${live.id}-a`).inspect()).Image;
    const made = await docker.createContainer({
      Image: image,
      Entrypoint: ['sleep', '1000'],
      name: `${name}-foreign`,
    });
    foreign = made.id;
    await made.start();

    const child = ownerProcess(from, wanted);
    const [id] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const seen = await events(`lanlab.lab=${id}`);
    child.kill('SIGKILL');
    for (let agents = 0; agents < 3; ) {
      const gone = await seen.next(['destroy']);
      if (!gone.endsWith('.1')) agents += 1;
    }
    seen.stop();
    await sweep();
    expect(await left(name)).toEqual([]);
    expect(await left(living)).toEqual([`container lanlab-${live.id}-a`, `network lanlab-${live.id}-net`]);
    expect((await made.inspect()).State.Running).toBe(true);
  });

  test('is swept before the next lab comes up, so its subnet is free', async () => {
    const from = await sources();
    const name = labName();
    const child = ownerProcess(from, plan(name, 43, 2));
    const [id] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    await using live = await up(from, plan(labName(), 43, 2));
    expect(live.id).not.toBe(id);
    expect(await left(name)).toEqual([]);
  });
});

/** Such networks come into being where the engine ends what it was asked for by an owner that was killed meanwhile. */
describe.skipIf(noDocker)('a network of a lab whose owner was killed, made after its lab was swept', () => {
  const ended = async () => {
    const child = spawn('sleep', ['1000']);
    await once(child, 'spawn');
    const label = owner(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    return label;
  };
  const leave = async (name: string, net: number) => {
    const Labels = { [LAB]: `${name}-1`, [NAME]: name, [OWNER]: await ended() };
    const Config = [{ Subnet: `10.61.${net}.0/24` }];
    await docker.createNetwork({ Name: `lanlab-${name}-1-net`, Labels, IPAM: { Config } });
  };

  test('is taken away for whoever wants its subnet', async () => {
    const name = labName();
    await leave(name, 46);
    await refuseTaken(docker, plan(labName(), 46).networks);
    expect(await left(name)).toEqual([]);
  });

  test('is taken away too where it came between the look and the making', async () => {
    const [name, other] = [labName(), labName()];
    await leave(other, 47);
    await createNetwork(docker, newLab(name), plan(name, 47).networks[0]!);
    expect(await left(other)).toEqual([]);
    const [made] = await docker.listNetworks({ filters: { label: [`${NAME}=${name}`] } });
    await docker.getNetwork(made!.Id).remove();
  });

  test('is not, where somebody else is on it: that is told, in the words of the engine', async () => {
    const name = labName();
    await leave(name, 48);
    const patience = { progress: () => {}, signal: new AbortController().signal };
    const { id: image } = await baseImage(docker, patience);
    const guest = await docker.createContainer({
      Image: image,
      Entrypoint: ['sleep', '1000'],
      name: `${name}-guest`,
      HostConfig: { NetworkMode: `lanlab-${name}-1-net` },
    });
    await guest.start();
    try {
      const error = await failure(refuseTaken(docker, plan(labName(), 48).networks));
      expect(error.message).toMatch(/^Docker could not take down the lab .*active endpoints/);
    } finally {
      await guest.remove({ force: true });
    }
    await refuseTaken(docker, plan(labName(), 48).networks);
    expect(await left(name)).toEqual([]);
  });
});

describe('an owner', () => {
  const [, world] = /^(.*):\d+:\d+$/.exec(owner()) ?? [];
  test('that is this process lives', () => expect(isDead(owner())).toBe(false));
  test('whose pid another process has by now has ended', () => {
    expect(isDead(`${world}:${process.pid}:1`)).toBe(true);
  });
  test('of another boot or behind another process namespace is taken to live', () => {
    expect(isDead(`elsewhere/${world?.split('/')[1]}:${process.pid}:1`)).toBe(false);
    expect(isDead(`${world}1:${process.pid}:1`)).toBe(false);
    expect(isDead('')).toBe(false);
  });
  test('that has ended is dead, also before its parent has asked for its exit code', async () => {
    const child = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [pid] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const fields = async () => (await readFile(`/proc/${pid}/stat`, 'latin1')).split(' ');
    await expect.poll(async () => (await fields())[2], { timeout: 30_000 }).toBe('Z');
    expect(isDead(`${world}:${pid}:${(await fields())[21]}`)).toBe(true);
    child.kill('SIGKILL');
  });
});

/** A process of its own that brings the lab up, starts its program, prints its id and stays. */
function ownerProcess(from: Sources, wanted: Plan) {
  const module = new URL('../../lab/engines/docker/index.ts', import.meta.url).href;
  const script = `
    const { dockerEngine } = await import(${JSON.stringify(module)});
    const [from, plan] = ${JSON.stringify([from, wanted])};
    const live = await dockerEngine(from).up(plan, { progress() {}, signal: new AbortController().signal });
    for (const host of plan.hosts.filter((each) => each.program)) {
      await new Promise((up) => live.start(host, { stdout: up, stderr: up }));
    }
    console.log(live.id);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

interface DockerEvent {
  Action: string;
  Actor: { Attributes: { name: string } };
}

/** What the engine does to objects with this label, from now on. */
async function events(label: string) {
  const stream = await docker.getEvents({ filters: { label: [label] } });
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return {
    /** The name of the next object to which one of these things happens. */
    async next(actions: string[]): Promise<string> {
      while (true) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`no more events, and none of ${actions}`);
        const event = JSON.parse(value) as DockerEvent;
        if (actions.includes(event.Action)) return event.Actor.Attributes.name;
      }
    },
    stop: () => (stream as unknown as { destroy(): void }).destroy(),
  };
}
