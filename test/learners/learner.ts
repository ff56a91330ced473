/**
 * Hosts whose program is a client or a server in Python, as someone who follows a socket tutorial types it: the plain
 * `socket` module, bare `send`, `recv(1024)`. They know nothing of this project; only the address is given to them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
/** Where a host has them. */
const FOLDER = '/srv/learner';

/** Where the tests stand: an engine, and the first two bytes of its subnets. */
export interface Ground {
  engine: Engine;
  net: string;
}

/** A host without its networks. */
export type Learner = Omit<WrittenHost, 'networks'>;

export function textOf(program: string): string {
  return readFileSync(join(PROGRAMS, program), 'utf8');
}

/** A host on which somebody types this line; the programs it names are there. */
export function types({ engine }: Ground, line: string): Learner {
  const names = new Set(line.match(/\w+\.py\b/g));
  const files = [...names].map((name) => [`${FOLDER}/${name}`, textOf(name)]);
  return {
    command: `cd ${FOLDER}; ${line}`,
    files: Object.fromEntries(files),
    // Debian's, which anyone may run; not one that somebody has in their home. It prints UTF-8, wherever it is.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    ...(engine.name === 'docker' && { build: join(import.meta.dirname, 'image') }),
  };
}

/** The same for a program that serves until it is ended: it says `waiting` when it can be reached. */
export function serves(ground: Ground, line: string): Learner {
  const learner = types(ground, line);
  // What Python prints to a pipe would stay in its buffer until the program ends.
  return { ...learner, ready: { log: '^waiting$' }, env: { ...learner.env, PYTHONUNBUFFERED: '1' } };
}

/** One lab for all the tests around it: hosts on the network 10.x.THIRD.0/24, each with its last byte. */
export function labOf(
  { engine, net }: Ground,
  third: number,
  hosts: Record<string, [last: number, host: Learner]>,
): { readonly net: Lab } {
  let up: Lab | undefined;
  const written = Object.entries(hosts).map(([name, [last, host]]) => {
    return [name, { ...host, networks: { lan: `${net}.${third}.${last}` } }];
  });
  beforeAll(async () => {
    const networks = { lan: `${net}.${third}.0/24` };
    up = await lab({ lab: 'learners', networks, hosts: Object.fromEntries(written) }, { engine });
  });
  afterAll(async () => {
    await up?.down();
  });
  return {
    get net() {
      return up!;
    },
  };
}

/** All that a host's program printed, once it has ended as it should. */
export async function printed(net: Lab, host: string): Promise<readonly string[]> {
  const { program, words } = net.host(host);
  const end = await program!.ended;
  expect({ ...end, words }).toMatchObject({ exit: 0 });
  return words;
}
