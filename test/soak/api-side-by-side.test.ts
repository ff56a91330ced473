/** Labs side by side: a network written `auto` is free for each, so test files that run in parallel do not collide. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Lab, lab, type WrittenScenario } from 'lanlab';
import { expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { LabError, SubnetTaken } from '../../lab/errors.ts';
import { settleSubnets } from '../../lab/model/auto-subnets.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { onEveryEngine } from '../api/here.ts';

const scenario: WrittenScenario = {
  lab: 'beside',
  networks: { lan: 'auto', back: { subnet: 'auto' } },
  hosts: { echo: { service: 'tcp-echo', networks: ['lan', 'back'] }, alice: { networks: ['lan'] } },
};

async function usable(net: Lab): Promise<string[]> {
  await using talk = await net.host('alice').tcp('echo:9000');
  await talk.write('hello');
  expect((await talk.read(5)).toString()).toBe('HELLO');
  return net.plan.networks.map(({ subnets }) => subnets[0]!.subnet);
}

/** A process of its own that brings the lab up, says which subnets it has, and takes it down at the end of its input. */
async function elsewhere(engine: string): Promise<{ subnets: string[]; end(): Promise<number> }> {
  const program = new URL('../api/one-lab.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, engine], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number]>;
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  return {
    subnets: JSON.parse(String(line)) as string[],
    end: async () => {
      child.stdin.end();
      return (await closed)[0];
    },
  };
}

await onEveryEngine('labs side by side', (engine, subnet) => {
  test('four in one process have subnets of their own, and each works', async () => {
    const nets = await Promise.all([1, 2, 3, 4].map(() => lab(scenario, { engine })));
    try {
      const subnets = await Promise.all(nets.map(usable));
      for (const own of subnets) expect(new Set(own).size).toBe(2);
      if (engine === 'docker') expect(new Set(subnets.flat()).size).toBe(8);
      else expect(new Set(subnets.flat())).toEqual(new Set(['10.200.0.0/24', '10.200.1.0/24']));
    } finally {
      await Promise.all(nets.map((net) => net.down()));
    }
  });

  test('four processes that know nothing of each other do not collide', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => elsewhere(engine)));
    const subnets = others.flatMap((other) => other.subnets);
    expect(subnets).toHaveLength(4);
    if (engine === 'docker') expect(new Set(subnets).size).toBe(4);
    expect(await Promise.all(others.map((other) => other.end()))).toEqual([0, 0, 0, 0]);
  }, 60_000);

  if (engine === 'docker')
    test('two that want one written subnet take turns where they may wait', async () => {
      const fixed = { ...scenario, networks: { lan: subnet(92), back: subnet(93) } };
      const first = await lab(fixed, { engine });
      await expect(lab(fixed, { engine })).rejects.toThrow(`the lab beside (${first.id}) uses it`);
      const waits = Promise.withResolvers<void>();
      const progress = (line: string) => line.startsWith('waiting') && waits.resolve();
      const second = lab(fixed, { engine, onConflict: 'wait', progress });
      await waits.promise;
      await first.down();
      await using net = await second;
      expect(await usable(net)).toEqual(Object.values(fixed.networks));
    }, 60_000);
});

test('where somebody is faster to a subnet that was handed out, another is tried; a written one is not', async () => {
  const tried: string[] = [];
  const engine: Engine = {
    ...engineNamed('netns'),
    taken: async () => [],
    up: async ({ networks }) => {
      tried.push(networks[0]!.subnets[0]!.subnet);
      if (tried.length < 3) throw new SubnetTaken('too late', {});
      throw new LabError('engine', 'enough');
    },
  };
  await expect(lab({ ...scenario, networks: { lan: 'auto', back: 'auto' } }, { engine })).rejects.toThrow(
    'enough',
  );
  expect(new Set(tried).size).toBe(3);
  tried.length = 0;
  const fixed = { lan: '10.79.90.0/24', back: '10.79.91.0/24' };
  await expect(lab({ ...scenario, networks: fixed }, { engine })).rejects.toThrow('too late');
  expect(tried).toEqual(['10.79.90.0/24']);
});

const written = (networks: string) =>
  loadScenario(
    `lab: auto\nnetworks: ${networks}\nhosts:\n  alice: { networks: [lan, back] }\n`,
    'auto.yaml',
    vocabulary,
  );

test('a network written auto has the first subnet that no other network of the scenario overlaps', () => {
  const { networks, hosts } = planScenario(written('{ lan: auto, back: 10.200.0.0/23 }'));
  expect(networks.map(({ subnets }) => subnets[0]?.subnet)).toEqual(['10.200.2.0/24', '10.200.0.0/23']);
  expect(hosts[0]?.interfaces.map(({ addresses }) => addresses[0]?.address)).toEqual([
    '10.200.2.1',
    '10.200.0.1',
  ]);
});

test('the subnets that others have are passed over, from any start on and round', () => {
  const taken = ['10.239.255.0/24', '10.200.0.0/16'];
  const { networks } = settleSubnets(written('{ lan: auto, back: auto }'), taken, 40 * 256 - 1);
  expect(networks.map(({ subnets }) => subnets)).toEqual([['10.201.0.0/24'], ['10.201.1.0/24']]);
});

test('where every subnet is taken that is said', () => {
  const all = ['10.192.0.0/10'];
  expect(() => settleSubnets(written('{ lan: auto, back: auto }'), all)).toThrow('no subnet is free');
});

test('an address on a network written auto is refused: they are handed out', () => {
  const text = 'lab: auto\nnetworks: { lan: auto }\nhosts:\n  alice: { networks: { lan: 10.200.0.7 } }\n';
  expect(() => loadScenario(text, 'auto.yaml', vocabulary)).toThrow(
    '`lan` is `auto`: its addresses are handed out',
  );
});
