/** The few calls to the node's own Docker Engine that take a lab's part of the node away. */
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { KEEPER, WAY } from './calls.ts';

const SOCKET = '/var/run/docker.sock';
const API = '/v1.44';
/** The label of a lab (lab/engines/containers/labels.ts). */
const LAB = 'lanlab.lab';
/** Rounds in which all must go: a network cannot while a container leaves it. */
const ROUNDS = 20;
/** Milliseconds between two rounds. */
const BETWEEN = 500;

interface Found {
  Id?: string;
  ID?: string;
  Name?: string;
}

/** Removes what the lab has on this node; on a manager of a Swarm also what leads to the other nodes, and that last. */
export async function takeAway(lab: string): Promise<void> {
  await takeAwayAll(`${LAB}=${lab}`);
  // A worker sees the network of the way too, and cannot remove it.
  if (await isManager()) await takeAwayAll(`${WAY}=${lab}`);
}

async function isManager(): Promise<boolean> {
  const { Swarm } = (await call('GET', '/info').catch(() => ({}))) as {
    Swarm?: { ControlAvailable?: boolean };
  };
  return Swarm?.ControlAvailable === true;
}

/** The labs that have a keeper on this node. Rejects where its engine does not answer. */
export async function livingLabs(): Promise<string[]> {
  const label = encodeURIComponent(JSON.stringify({ label: [KEEPER] }));
  const keepers = (await call('GET', `/containers/json?filters=${label}`)) as {
    Labels: Record<string, string>;
  }[];
  return keepers.map(({ Labels }) => Labels[KEEPER]!);
}

async function takeAwayAll(labelled: string): Promise<void> {
  const label = `filters=${encodeURIComponent(JSON.stringify({ label: [labelled] }))}`;
  for (let round = 0; round < ROUNDS; round++) {
    let left = 0;
    for (const { list, one } of KINDS) {
      for (const found of await all(`${list}${label}`)) {
        left++;
        await call('DELETE', one(found.Id ?? found.ID ?? found.Name ?? '')).catch(() => {});
      }
    }
    if (left === 0) return;
    await pause(BETWEEN);
  }
}

const KINDS = [
  { list: '/services?', one: (id: string) => `/services/${id}` },
  { list: '/containers/json?all=1&', one: (id: string) => `/containers/${id}?force=1&v=1` },
  { list: '/networks?', one: (id: string) => `/networks/${id}` },
  { list: '/secrets?', one: (id: string) => `/secrets/${id}` },
  { list: '/configs?', one: (id: string) => `/configs/${id}` },
  { list: '/volumes?', one: (id: string) => `/volumes/${id}?force=1` },
];

/** None where this node is no manager (503). */
async function all(path: string): Promise<Found[]> {
  const answer = (await call('GET', path).catch(() => [])) as Found[] | { Volumes?: Found[] | null };
  return Array.isArray(answer) ? answer : (answer.Volumes ?? []);
}

function call(method: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: SOCKET, method, path: `${API}${path}` }, (answer) => {
      if ((answer.statusCode ?? 500) >= 300) {
        answer.resume();
        reject(new Error(`the engine answers ${answer.statusCode}`));
      } else if (answer.statusCode === 204) {
        answer.resume();
        resolve(undefined);
      } else json(answer).then(resolve, reject);
    });
    asked.once('error', reject);
    asked.end();
  });
}
