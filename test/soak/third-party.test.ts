/** Hosts with programs that are not ours: images, builds, and programs of the machine; and when they are ready. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError, type LabOptions, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SlowPattern } from '../../lab/patterns/slow-pattern.ts';
import { onEveryEngine } from '../api/here.ts';

async function thrown(work: Promise<unknown>): Promise<LabError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-build-'));
});
afterAll(() => rm(folder, { recursive: true }));

await onEveryEngine('a program that is not ours', (engine, subnet) => {
  const withProgram = (third: number, host: Omit<WrittenHost, 'networks'>, options: LabOptions = {}) =>
    lab(
      {
        lab: 'foreign',
        networks: { lan: subnet(third) },
        hosts: { it: { ...host, networks: ['lan'] }, alice: { networks: ['lan'] } },
      },
      { engine, ...options },
    );

  const server = (delay: number) => [
    'node',
    '-e',
    `setTimeout(() => require('net').createServer((s) => s.end('hi')).listen(8000, () => console.log('open')), ${delay})`,
  ];

  test('is a command of the machine or of the agent’s image, and reached across the LAN', async () => {
    await using net = await withProgram(30, { command: server(0), ready: { tcp: 8000 } });
    await using talk = await net.host('alice').tcp('it:8000');
    expect(await talk.text()).toBe('hi');
  });

  test('is waited for until its port is open, however late', async () => {
    await using net = await withProgram(31, { command: server(1000), ready: { tcp: 8000 } });
    await using talk = await net.host('alice').tcp('it:8000');
    expect(await talk.text()).toBe('hi');
  });

  test('is waited for until a line of its output is like the one asked for', async () => {
    const command = 'echo warming up; sleep 0.3; echo "now READY to serve" >&2; sleep 60';
    await using net = await withProgram(32, { command, ready: { log: 'READY (to|for)' } });
    expect(net.host('it').words).toEqual(['warming up', 'now READY to serve']);
  });

  test('that never becomes ready is an error that says what was waited for, and what the program said', async () => {
    const command = 'echo still thinking; sleep 60';
    const work = withProgram(33, { command, ready: { tcp: 6379, log: 'done', within: '500ms' } });
    const error = await thrown(work);
    expect(error.code).toBe('not-ready');
    expect(error.message).toBe(
      'the program of it is not ready after 0.5 s, waiting for a listener on TCP port 6379 and a line like /done/: still thinking',
    );
  });

  test('whose pattern would take for ever is an error that names the pattern and how much it was tried on', async () => {
    const command = `while :; do echo ${'a'.repeat(46)}; sleep 0.1; done`;
    const work = withProgram(45, { command, ready: { log: '^(a+)+$x', within: '2s' } });
    const error = await thrown(work);
    expect(error).toBeInstanceOf(SlowPattern);
    expect(error.message).toMatch(
      /^the pattern \/\^\(a\+\)\+\$x\/ \(`ready` of it\) was still being tried after [\d.]+ s, on \d+ bytes$/,
    );
  });

  test('that ends after it has said what is waited for is ready, however long its pattern takes', async () => {
    const command = 'echo READY READY';
    await using net = await withProgram(46, { command, ready: { log: '(READY ?)+' } });
    expect(net.host('it').words).toEqual(['READY READY']);
  });

  test('that ends at once is an error with its own words and exit code', async () => {
    const error = await thrown(withProgram(34, { command: 'echo out of cheese >&2; exit 7' }));
    expect(error.code).toBe('program');
    expect(error.message).toBe('the program of it ended at once (exit code 7): out of cheese');
  });

  test('that ends before it is ready is not waited for', async () => {
    const began = performance.now();
    const error = await thrown(withProgram(35, { command: 'echo bye', ready: { tcp: 80, within: '60s' } }));
    expect(error.message).toBe('the program of it ended at once (exit code 0): bye');
    expect(performance.now() - began).toBeLessThan(50_000);
  });

  test('that is a command and is done is no error', async () => {
    await using net = await withProgram(36, { command: 'echo all done' });
    expect(await net.host('it').program?.ended).toEqual({ exit: 0, signal: null });
    expect(net.host('it').words).toEqual(['all done']);
  });

  test('that may be a client, a command without `ready`, starts when the servers of its lab are ready', async () => {
    const client = "require('net').connect(8000, 'slow').on('data', (data) => console.log(String(data)))";
    await using net = await lab(
      {
        lab: 'foreign',
        networks: { lan: subnet(42) },
        hosts: {
          client: { command: ['node', '-e', client], networks: ['lan'] },
          slow: { command: server(1000), ready: { tcp: 8000 }, networks: ['lan'] },
        },
      },
      { engine },
    );
    expect(await net.host('client').program?.ended).toEqual({ exit: 0, signal: null });
    expect(net.host('client').words).toEqual(['hi']);
  });

  if (engine === 'docker')
    describe('as an image', () => {
      const dockerfile = (...lines: string[]) =>
        writeFile(join(folder, 'Dockerfile'), ['ARG BASE_IMAGE', 'FROM ${BASE_IMAGE}', ...lines].join('\n'));

      test('that exits at once is an error with its own words and exit code', async () => {
        await dockerfile('CMD ["sh", "-c", "echo nothing to serve; exit 0"]');
        const error = await thrown(withProgram(37, { build: folder }));
        expect(error.code).toBe('program');
        expect(error.message).toBe('the program of it ended at once (exit code 0): nothing to serve');
      });

      test('whose build fails is an error with the build’s own last lines', async () => {
        await dockerfile('RUN echo no such luck && exit 9');
        const error = await thrown(withProgram(38, { build: { context: folder } }));
        expect(error.code).toBe('image');
        expect(error.message).toContain(`the image of ${folder} could not be built`);
        expect(error.message).toContain('no such luck');
        expect(error.message).toContain('returned a non-zero code: 9');
        expect(error.hint).toContain(join(folder, 'Dockerfile'));
      });

      test('whose folder has no Dockerfile is told so', async () => {
        const error = await thrown(withProgram(39, { build: './nowhere' }));
        expect(error.message).toContain('there is no nowhere/Dockerfile');
        expect(error.hint).toContain('relative to the folder of the scenario');
      });

      test('runs a command of its own, and takes a file by a name that only the builder knows', async () => {
        await writeFile(join(folder, 'motto.txt'), 'per aspera\n');
        await dockerfile('ARG NAME=motto', 'COPY ${NAME}.txt /motto.txt');
        await using net = await withProgram(40, {
          build: folder,
          command: 'cat /motto.txt; sleep 60',
          ready: { log: '.' },
        });
        expect(net.host('it').words).toEqual(['per aspera']);
      });
    });

  if (engine === 'netns')
    test('as an image is what a namespace cannot run, and says so', async () => {
      const error = await thrown(withProgram(41, { build: folder }));
      expect(error.code).toBe('unsupported');
      expect(error.message).toContain('host it is an image');
    });
});
