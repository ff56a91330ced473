/** Programs that say more than anybody can hear, and commands that may open few files. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { lab } from '../../lab/api/lab.ts';
import { EXIT_OF } from '../../lab/cli/exit-codes.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ROOT } from '../cli/command.ts';
import { labAt } from '../isolation/place.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();
const place = { engine: netnsEngine(), node: process.execPath };
const MANY = 700_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that somebody still holds. */
function kept(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What the command says on standard error with so many descriptors. */
async function withFew(descriptors: number, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const script = `ulimit -n ${descriptors}; exec "$@"`;
  const command = ['-c', script, 'sh', join(ROOT, 'bin/lanlab'), ...args];
  return promisify(execFile)('sh', command, { env: { ...process.env, NO_COLOR: '1' } }).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }) => ({ code, stderr }),
  );
}

describeNeeding('netns', lacking?.why, 'limits', () => {
  test('a program that says hundreds of megabytes is heard to its end, and fills no memory', async () => {
    const flood = `head -c ${MANY} /dev/zero | tr '\\\\0' x; echo; echo done; exec sleep 1000`;
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, kept());
    }, 500);
    await using net = await labAt(
      place,
      `{lab: flood, networks: {lan: auto}, hosts: {
         prog: {command: [sh, -c, "${flood}"], networks: [lan], ready: {log: ^done$, within: 300s}}}}`,
    );
    expect(net.host('prog').words.at(-1)).toBe('done');
    clearInterval(look);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(MANY / 3);
  }, 310_000);

  test('a program that says millions of short lines is heard to its end, and its events are among them', async () => {
    const event = `{"event":"half","time":""}`;
    const script = `yes | head -c 40000000; echo '${event}'; yes | head -c 40000000; echo done; exec sleep 1000`;
    await using net = await lab(
      {
        lab: 'short',
        networks: { lan: 'auto' },
        hosts: {
          prog: {
            command: ['sh', '-c', script],
            networks: ['lan'],
            ready: { log: '^done$', within: '300s' },
          },
        },
      },
      { engine: 'netns' },
    );
    const { words, events } = net.host('prog');
    expect(words).toEqual([...Array(49).fill('y'), 'done']);
    expect(events.all({ event: 'half' })).toHaveLength(1);
  }, 310_000);

  test('beside programs that never stop talking, others are served', async () => {
    await using net = await labAt(
      place,
      `{lab: talk, networks: {lan: auto}, hosts: {
         wild: {command: [sh, -c, "yes"], networks: [lan]}, zero: {command: [cat, /dev/zero], networks: [lan]},
         echo: {service: tcp-echo, networks: [lan]}, alice: {networks: [lan]}}}`,
    );
    await using talk = await net.host('alice').tcp('echo:9000');
    for (let times = 0; times < 20; times++) {
      await talk.write('hello');
      expect(String(await talk.read(5))).toBe('HELLO');
    }
  }, 120_000);

  test('a command with too few file descriptors says so, before or while it brings a lab up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lanlab-few-'));
    const file = join(folder, 'many.yaml');
    const hosts = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`h${n}`, { networks: ['lan'] }]));
    const steps = Object.keys(hosts).map((at) => ({ at, exec: 'true' }));
    await writeFile(file, JSON.stringify({ lab: 'many', networks: { lan: 'auto' }, hosts, steps }));
    try {
      for (const descriptors of [32, 100, 256]) {
        const { code, stderr } = await withFew(descriptors, 'run', '--engine', 'netns', file);
        expect(stderr).toContain(`too few files may be open at once here (${descriptors} a process)`);
        expect(stderr).toContain('hint: allow more and run it again: `ulimit -n 4096`');
        expect(stderr).not.toContain('bug in lanlab');
        expect(code).toBe(EXIT_OF.machine);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
