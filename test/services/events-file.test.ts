/** EVENTS_FILE: event lines in a file, and a file that cannot take them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventsFile } from '../../services/events-file.ts';
import { startProgram } from './program.ts';

const LOCAL = { HOST: '127.0.0.1', PORT_ECHO: '0', PORT_CAPITALS: '0' };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-events-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('events are appended to EVENTS_FILE, the same as on standard output', async () => {
  const path = join(folder, 'echo');
  await writeFile(path, 'what was there\n');
  await using program = startProgram('tcp-echo', { ...LOCAL, EVENTS_FILE: path });
  await program.ports();
  program.process.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  const [before, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  expect(before).toBe('what was there');
  expect(lines.map((line) => JSON.parse(line))).toEqual(program.events.all);
});

test('a file that cannot be opened is one clear line and exit code 1', async () => {
  await using program = startProgram('tcp-echo', { ...LOCAL, EVENTS_FILE: join(folder, 'no', 'echo') });
  expect(await program.ended).toEqual({
    code: 1,
    signal: null,
    stderr: expect.stringMatching(
      /^tcp-echo: cannot open EVENTS_FILE .*no\/echo: ENOENT.*\. Name a file that can be written, or leave EVENTS_FILE out\.\n$/,
    ),
  });
});

test('a device that is full is one clear line and exit code 1', async () => {
  await using program = startProgram('tcp-echo', { ...LOCAL, EVENTS_FILE: '/dev/full' });
  expect(await program.ended).toEqual({
    code: 1,
    signal: null,
    stderr: expect.stringMatching(/^tcp-echo: cannot write EVENTS_FILE \/dev\/full: ENOSPC.*\n$/),
  });
});

test('a file that has its bytes is full, said once, and no more is written', async () => {
  const path = join(folder, 'echo');
  const said: string[] = [];
  const lines = eventsFile({ EVENTS_FILE: path }, (why) => said.push(why), 1_000)!;
  for (let n = 0; n < 100; n += 1) {
    lines.event({ time: 't', event: 'receive', text: 'x'.repeat(90) });
    await lines.flush(1_000);
  }
  expect(said).toEqual([expect.stringContaining(`EVENTS_FILE ${path}: it is full, it has its 1000 bytes`)]);
  expect((await readFile(path)).length).toBeLessThan(1_200);
});

test('a program that cannot start says so in the file too', async () => {
  const path = join(folder, 'echo');
  await using program = startProgram('tcp-echo', { ...LOCAL, PORT_ECHO: 'seven', EVENTS_FILE: path });
  expect(await program.ended).toMatchObject({ code: 1 });
  const events = (await readFile(path, 'utf8')).trim().split('\n');
  expect(events.map((line) => JSON.parse(line))).toEqual([
    { time: expect.any(String), event: 'failed', text: expect.stringContaining('PORT_ECHO is "seven"') },
  ]);
});
