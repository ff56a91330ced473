/** The whole table of what each engine can never do, whatever the machine. A row that goes is good news, one that comes is a decision. */
import { expect, test } from 'vitest';
import { ENGINE_NAMES, FEATURES } from '../../lab/engines/engine.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { planOf } from '../lab.ts';

const TABLE = {
  docker: { machines: 'one machine holds the whole lab' },
  netns: {
    images: 'a namespace runs programs of this machine',
    internet:
      "namespaces have no way out of the lab: only root could give them one, through the machine's own firewall",
    machines: 'one machine holds the whole lab',
  },
  compose: {
    signals: 'Docker Compose starts and ends the programs, and nothing inside a lab may reach Docker',
    changes: 'a compose file is brought up as a whole',
    disks: 'a compose file gives a host no disk with a size of its own',
    machines: 'one machine holds the whole lab',
  },
  swarm: {
    internet: 'each machine would be the way out of the same network, with the same address',
  },
};

test('what each engine can never do is what this table says, and nothing else', () => {
  const found = ENGINE_NAMES.map((name) => [name, engineNamed(name).never]);
  expect(Object.fromEntries(found)).toEqual(TABLE);
});

test('every feature is one that some engine never has', () => {
  const named = new Set(Object.values(TABLE).flatMap((row) => Object.keys(row)));
  expect([...FEATURES].sort()).toEqual([...named].sort());
});

test('a plan with a network that leads out is refused by the engine that has no way out, with the reason of the table', () => {
  const plan = planOf(
    '{ lab: out, networks: { net: { subnet: 10.76.0.0/24, internet: true } }, hosts: { alice: { networks: [net] } } }',
  );
  for (const name of ENGINE_NAMES) {
    const { never, unsupported } = engineNamed(name);
    expect(unsupported(plan)).toEqual(
      never.internet ? [`network net leads to the internet; ${never.internet}`] : [],
    );
  }
});

test('a plan with an image is refused by the engine that can never run one, with the reason of the table', () => {
  const plan = planOf(
    '{ lab: web, networks: { net: 10.76.0.0/24 }, hosts: { web: { image: nginx, networks: [net] } } }',
  );
  for (const name of ENGINE_NAMES) {
    const engine = engineNamed(name);
    const reasons = engine.unsupported(plan);
    expect(reasons).toEqual(engine.never.images ? [expect.stringContaining(engine.never.images)] : []);
  }
});
