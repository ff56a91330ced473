/** `lanlab capture` on a lab that is up: what it prints, writes and refuses. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { ROOT } from './command.ts';
import { onEachEngine, type Staying, staying } from './staying.ts';

async function framesIn(path: string): Promise<Captured[]> {
  const all: Captured[] = [];
  for await (const some of readCapture(piecesOf(await readFile(path)))) all.push(...some);
  return all;
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

await onEachEngine('capturing in a lab that is up', 142, (engine, net) => {
  let here: Staying;
  const ping = (count = 1) =>
    here.said('exec', 'alice', '--', 'ping', '-c', String(count), '-i', '0.2', '-W', '1', `10.${net}.14.10`);

  beforeAll(async () => {
    here = await staying();
    const file = await here.scenario(
      'captured',
      `lab: captured
networks: { net: 10.${net}.14.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { net: 10.${net}.14.10 } }
  alice: { networks: { net: 10.${net}.14.21 } }
`,
    );
    await here.said('up', file, '--engine', engine);
  }, 120_000);
  afterAll(() => here[Symbol.asyncDispose]());

  test('prints frames as they come, in hosts’ names, until Ctrl-C', async () => {
    const capturing = here.start('capture', 'alice', 'icmp');
    await capturing.complained('capturing at alice (eth0)');
    await ping();
    await capturing.printed('echo-reply');
    capturing.child.kill('SIGINT');
    const { exit, stdout, stderr } = await capturing.ended;
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{6} {2}icmp alice > echo echo-request id=\d+ seq=1/);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('2 frames, none missing');
    expect(exit).toBe(0);
  }, 60_000);

  test('ends by itself after so many, and writes a file that names cards and hosts', async () => {
    const path = join(here.folder, 'some.pcapng');
    const capturing = here.start('capture', 'alice', '-c', '3', '-w', path, 'icmp');
    await capturing.complained('capturing at alice');
    await ping(3);
    expect((await capturing.ended).exit).toBe(0);
    const frames = (await framesIn(path)).map(({ bytes }) => decode(bytes));
    expect(frames.map(({ icmp }) => icmp?.type)).toEqual([8, 0, 8]);
    const bytes = await readFile(path);
    for (const name of ['alice eth0', 'echo\0']) expect(bytes.includes(name)).toBe(true);
  }, 60_000);

  test('can be piped into another program, and ends when that has seen enough', async () => {
    const script = `exec 3>&2; bin/lanlab capture alice -w - icmp 2>&3 | head -c 500 >/dev/null`;
    const env = { ...process.env, LANLAB_STATE: here.state };
    const child = spawn('sh', ['-c', script], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'close');
    let said = '';
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        said += text;
        if (said.includes('capturing at')) resolve();
      });
    });
    await ping(8);
    await ended;
    expect(said).not.toMatch(/EPIPE|Error|at .*\.ts/);
  }, 60_000);

  test('says what is wrong with a filter, a host and a number', async () => {
    const filter = await here.lanlab('capture', 'alice', 'tcp', 'prot', '9000');
    expect(filter.stderr).toMatch(/nothing can be captured: .*syntax error/);
    expect(filter.exit).toBe(2);
    const host = await here.lanlab('capture', 'alcie');
    expect(host.stderr).toContain('no host `alcie` in captured, did you mean `alice`?');
    expect(host.exit).toBe(2);
    const count = await here.lanlab('capture', 'alice', '-c', '0');
    expect(count.stderr).toContain('It is a whole number from 1 to 1000000000.');
    expect(count.exit).toBe(2);
    const file = await here.lanlab('capture', 'alice', '-w', '/nowhere/x.pcapng');
    expect(file.stderr).toContain('--write /nowhere/x.pcapng cannot be written');
    expect(file.exit).toBe(2);
  }, 60_000);
});
