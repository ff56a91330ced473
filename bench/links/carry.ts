/** The most that a cable carries without missing a frame, what each frame costs, and what one TCP connection gets. */
import { readdir, readFile } from 'node:fs/promises';
import { rates } from '../labs/rates.ts';
import { thousands } from './loss.ts';
import type { Found, Row } from './row.ts';
import { HEADERS, secondsOf, type Track } from './track.ts';

const ON = { from: 'alice', to: 'bob' } as const;
const SECONDS = 2;

export const carry: Row = {
  name: 'carry',
  async measure(track, share) {
    const seconds = SECONDS * share;
    const found: Found[] = [];
    await using _ = await track.fault({ delay: '1ms', on: ON });
    for (const bytes of [64, 1500]) {
      const { rate, cost } = await most(track, bytes, seconds);
      const frame = bytes === 1500 ? 1514 : bytes;
      found.push({
        asked: `frames of ${frame} bytes, delay 1 ms, for ${seconds} s`,
        found: `${thousands(rate)} frames/s and ${thousands((rate * frame * 8) / 1e6)} Mbit/s are carried whole${cost === undefined ? '' : `; ${cost.toFixed(1)} µs of CPU a frame`}`,
      });
    }
    const { bytesPerSecond } = await track.push('alice', 'bob', secondsOf(6, share), false);
    found.push({
      asked: 'one TCP connection, delay 1 ms one way, no rate',
      found: `${thousands((bytesPerSecond * 8) / 1e6)} Mbit/s of data`,
    });
    return found;
  },
};

/** Ends at the second rate in a row at which frames are missing. */
async function most(
  track: Track,
  bytes: number,
  seconds: number,
): Promise<{ rate: number; cost: number | undefined }> {
  let best: { rate: number; cost: number | undefined } = { rate: 0, cost: undefined };
  let failures = 0;
  // Code that is not compiled yet is slow.
  await track.send({ ...ON, rate: 10_000, count: 20_000, bytes: 64 });
  for (const asked of rates(20_000, 400_000)) {
    const [before, cpu, missed] = [await track.received('bob'), await cpuOf(track), await track.missed()];
    const count = Math.round(asked * seconds);
    const payload = bytes - (bytes === 1500 ? HEADERS - 14 : HEADERS);
    const sent = await track.send({ ...ON, rate: asked, count, bytes: payload });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [after, spent] = [await track.received('bob'), await cpuOf(track)];
    const whole = (await track.missed()) === missed && after - before >= count;
    if (!whole) failures += 1;
    else if (sent > best.rate) {
      failures = 0;
      best = { rate: sent, cost: cpu === 0 ? undefined : (spent - cpu) / 1000 / count };
    } else break;
    // The sender is at its end.
    if (failures === 2 || sent < asked * 0.9) break;
  }
  return best;
}

/** Nanoseconds of CPU that whoever carries the frames has taken, with its threads: the first process of a lab, or bob's agent. */
async function cpuOf(track: Track): Promise<number> {
  let sum = await track.cpuOfAgent('bob');
  for (const process of await childrenOf(globalThis.process.pid)) {
    if (/perl|tcpdump/.test(await readFile(`/proc/${process}/comm`, 'utf8').catch(() => 'perl'))) continue;
    for (const thread of await readdir(`/proc/${process}/task`).catch(() => [])) {
      const told = await readFile(`/proc/${process}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      sum += Number(told.split(' ')[0]);
    }
  }
  return sum;
}

async function childrenOf(parent: number): Promise<number[]> {
  const threads = await readdir(`/proc/${parent}/task`).catch(() => []);
  const lists = threads.map((thread) =>
    readFile(`/proc/${parent}/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  const children = (await Promise.all(lists)).flatMap((list) =>
    list.trim().split(' ').filter(Boolean).map(Number),
  );
  return [...children, ...(await Promise.all(children.map(childrenOf))).flat()];
}
