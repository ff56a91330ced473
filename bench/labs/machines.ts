/**
 * Rows: labs over three engines on one machine (scripts/swarm-nodes.sh). Sixty hosts over the three against the same sixty on
 * one, and what two hosts on two of them have of the network between these.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastWords } from './commands.ts';
import { LANLAB, lanlab, NODE, plainScenario, takeDown } from './ours.ts';
import { inTurn } from './ratios.ts';
import { hosts, OursFailed, PeerFailed, type Row, type Setting } from './row.ts';

const COUNT = 60;
/** Seconds for up, for down, and for one measure. */
const LIMIT = 600;
const PORT = 9000;
const socketOf = (node: string) => `/run/lanlab-swarm/${node}/docker.sock`;
const MANAGER = { DOCKER_HOST: `unix://${socketOf('a')}` };
/** Node b on the network between the nodes, and bob on the lab's. */
const [NODE_B, BOB] = ['10.231.0.2', '10.212.0.2'];

const TWO = `
lab: bench-machines
networks: { lan: 10.212.0.0/24 }
hosts: { alice: { networks: { lan: 10.212.0.1 }, on: a }, bob: { networks: { lan: ${BOB} }, on: b } }
`;

async function lacking(): Promise<string | undefined> {
  const there = ['a', 'b', 'c'].every((node) => existsSync(socketOf(node)));
  return there
    ? undefined
    : 'there are no three engines; scripts/swarm-nodes.sh up, then load the base image';
}

const shared = { docker: true, lacking } as const;

export const hostsMachines: Row = {
  ...shared,
  name: 'hosts-machines',
  what: (setting) => `${hosts(COUNT, setting)} hosts over three engines on one machine, up and down, swarm`,
  against: (setting) => `lanlab's own ${hosts(COUNT, setting)} on one of them, docker`,
  limit: 2,
  sense: 'at most',
  unit: 's',
  run: async (setting) => {
    const count = hosts(COUNT, setting);
    const file = await spreadScenario(setting, count);
    const plain = await plainScenario(setting, count, false);
    await upAndDown(setting, 'swarm', file); // Gives the image of the agent, which is no part of what is timed.
    const [ours, theirs] = [
      () => upAndDown(setting, 'swarm', file),
      () => upAndDown(setting, 'docker', plain),
    ];
    return { pairs: await inTurn(setting.times ?? 3, ours, theirs) };
  },
};

export const goodputMachines: Row = {
  ...shared,
  name: 'goodput-machines',
  what: () => 'TCP between hosts on two engines, swarm',
  against: () => 'the same between the network namespaces of these engines',
  limit: 0.3,
  sense: 'at least',
  unit: 'MB/s',
  run: (setting) => between(setting, 'tcp'),
};

export const roundTripMachines: Row = {
  ...shared,
  name: 'round-trip-machines',
  what: () => 'round trip between hosts on two engines, swarm',
  against: () => 'the same between the network namespaces of these engines',
  limit: 2,
  sense: 'at most',
  unit: 'µs',
  run: (setting) => between(setting, 'udp'),
};

/** The plain scenario, with its hosts on the three nodes in turn. */
async function spreadScenario(setting: Setting, count: number): Promise<string> {
  const text = await readFile(await plainScenario(setting, count, false), 'utf8');
  const file = join(setting.folder, `hosts-${count}-machines.yaml`);
  let index = 0;
  await writeFile(
    file,
    text.replace(/\{ networks: \[lan\] \}/g, () => `{ networks: [lan], on: ${'abc'[index++ % 3]} }`),
  );
  return file;
}

/** Seconds of `lanlab up` and `lanlab down`. */
async function upAndDown(setting: Setting, engine: string, file: string): Promise<number> {
  const options = { limit: LIMIT, env: MANAGER };
  try {
    const up = await lanlab(setting, ['up', '--engine', engine, file], options);
    const down = await lanlab(setting, ['down', '--all'], options);
    setting.say(`${engine}: up ${up.seconds.toFixed(2)} s, down ${down.seconds.toFixed(2)} s`);
    return up.seconds + down.seconds;
  } catch (error) {
    await takeDown(setting, LIMIT);
    throw error;
  }
}

/** From alice to bob, against from node a to node b, in turn in one lab. */
async function between(setting: Setting, kind: string) {
  const program = await readFile(join(import.meta.dirname, 'between.mjs'), 'utf8');
  const script = ['--input-type=module', '-e', program, kind];
  const file = join(setting.folder, 'machines.yaml');
  await writeFile(file, TWO);
  const inside = (host: string) => [LANLAB, 'exec', host, '--', 'node', ...script];
  const node = (name: string) => ['ip', 'netns', 'exec', `lanlab-node-${name}`, NODE, ...script];
  await lanlab(setting, ['up', '--engine', 'swarm', file], { limit: LIMIT, env: MANAGER });
  try {
    const ours = () => measured(setting, inside('bob'), inside('alice'), BOB, OursFailed);
    const theirs = () => measured(setting, node('b'), node('a'), NODE_B, PeerFailed);
    return { pairs: await inTurn(setting.times ?? 5, ours, theirs) };
  } finally {
    await takeDown(setting, LIMIT);
  }
}

/** The number that the asking side prints. */
async function measured(
  setting: Setting,
  serving: string[],
  asking: string[],
  address: string,
  Failed: typeof OursFailed | typeof PeerFailed,
): Promise<number> {
  const server = setting.commands.start([...serving, 'serve', `${PORT}`], {});
  try {
    const ran = await setting.commands.run([...asking, 'ask', address, `${PORT}`], { limit: LIMIT });
    if (ran.code !== 0) throw new Failed(lastWords(ran));
    await server.ended;
    setting.say(ran.stdout.trim());
    return Number(ran.stdout);
  } finally {
    await server.end();
  }
}
