/** What is read from Docker and written for it, without Docker: streams, archives, transcripts, subnets. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demultiplexer, outputs, standardStreams } from '../../lab/engines/containers/attach.ts';
import { collides } from '../../lab/engines/containers/networks.ts';
import { tar } from '../../lab/engines/containers/tar.ts';
import { follow } from '../../lab/engines/containers/transcript.ts';
import { interrupted, sideBySide } from '../../lab/engines/side-by-side.ts';
import { folder } from './docker-fixture.ts';

function frame(channel: number, bytes: Uint8Array): Buffer {
  const header = Buffer.from([channel, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

describe('the multiplexed stream', () => {
  const frames = fc.array(
    fc.record({ channel: fc.constantFrom(1, 2), bytes: fc.uint8Array({ maxLength: 70, size: 'max' }) }),
  );

  test('gives each channel its own bytes, wherever the transport cuts it', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sent, cuts) => {
        const got: Record<number, Buffer[]> = { 1: [], 2: [] };
        const take = demultiplexer((channel, bytes) => got[channel]!.push(bytes));
        const whole = Buffer.concat(sent.map(({ channel, bytes }) => frame(channel, bytes)));
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          take(whole.subarray(at, at + size));
          at += size;
        }
        for (const channel of [1, 2]) {
          const expected = sent.filter((each) => each.channel === channel).map(({ bytes }) => bytes);
          expect(Buffer.concat(got[channel]!)).toEqual(Buffer.concat(expected));
        }
      }),
    );
  });

  test("ends a program's outputs also when the connection breaks", async () => {
    const socket = new PassThrough();
    const { stdout, stderr } = outputs(socket);
    socket.write(frame(1, Buffer.from('so far')));
    setImmediate(() => socket.destroy(new Error('reset')));
    expect([await text(stdout), await text(stderr)]).toEqual(['so far', '']);
  });

  test('whose write fails because the other end has gone breaks with what that end said', async () => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const stream = standardStreams(socket, { stderr() {}, ended: () => new Error('it has ended') });
    await expect(pipeline(Readable.from(['x']), stream)).rejects.toThrow('it has ended');
  });
});

describe('a tar archive', () => {
  test('unpacks to the same files, with long names and any bytes', async () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcé'), minLength: 1, maxLength: 60, size: 'max' });
    const files = fc.uniqueArray(
      fc.record({
        path: fc.tuple(name, name, name).map((parts) => parts.join('/')),
        bytes: fc.uint8Array({ maxLength: 1100, size: 'max' }),
      }),
      { selector: ({ path }) => path.toLowerCase(), maxLength: 6 },
    );
    const root = await folder({});
    let run = 0;
    await fc.assert(
      fc.asyncProperty(files, async (sent) => {
        const into = join(root, String(run++));
        await mkdir(into);
        const child = spawn('tar', ['-x', '-C', into], { stdio: ['pipe', 'inherit', 'inherit'] });
        const closed = new Promise((resolve) => child.once('close', resolve));
        await pipeline(Readable.from(tar(sent), { objectMode: false }), child.stdin);
        expect(await closed).toBe(0);
        for (const { path, bytes } of sent) {
          expect(await readFile(join(into, path))).toEqual(Buffer.from(bytes));
          expect((await stat(join(into, path))).mode & 0o777).toBe(0o644);
        }
        const found = await readdir(into, { recursive: true, withFileTypes: true });
        expect(found.filter((entry) => entry.isFile())).toHaveLength(sent.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe('what the engine says of a build', () => {
  const message = (...all: object[]) =>
    Readable.from([Buffer.from(all.map((each) => JSON.stringify(each)).join('\n'))]);

  test('is told by whole lines, however it comes', async () => {
    const lines: string[] = [];
    await follow(message({ stream: 'Step 1/2' }, { stream: ' : FROM x\nlast' }, { aux: {} }), (line) =>
      lines.push(line),
    );
    expect(lines).toEqual(['Step 1/2 : FROM x', 'last']);
  });

  test('throws its error once the rest is read', async () => {
    const lines: string[] = [];
    const answer = message({ error: 'old form', errorDetail: { message: 'code 9' } }, { stream: 'after\n' });
    await expect(follow(answer, (line) => lines.push(line))).rejects.toThrow('code 9');
    expect(lines).toEqual(['after']);
  });
});

describe('a subnet', () => {
  const route = (subnet: string, attached = false) => ({ subnet, through: 'eth9', attached });
  test('collides with a network that the machine is in, and with a route into it', () => {
    expect(collides('10.50.1.0/24', route('10.50.1.7/16', true))).toBe(true);
    expect(collides('10.50.1.0/24', route('10.50.1.128/25'))).toBe(true);
    expect(collides('10.50.1.0/24', route('10.50.1.0/24'))).toBe(true);
  });
  test('does not collide with a route that is wider, or elsewhere', () => {
    expect(collides('10.50.1.0/24', route('10.0.0.0/8'))).toBe(false);
    expect(collides('10.50.1.0/24', route('10.50.2.0/24', true))).toBe(false);
  });
});

describe('work side by side', () => {
  test('is done at most so many at a time, and gives its results in order', async () => {
    let now = 0;
    let most = 0;
    const results = await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now -= 1;
      return item * 10;
    });
    expect(most).toBe(3);
    expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  });

  test('throws its first failure when what was under way has ended, and begins nothing more', async () => {
    const log: string[] = [];
    const work = async (item: number) => {
      log.push(`begin ${item}`);
      if (item === 1) throw new Error('one');
      await new Promise(setImmediate);
      log.push(`end ${item}`);
    };
    await expect(sideBySide([1, 2, 3], 2, work)).rejects.toThrow('one');
    expect(log).toEqual(['begin 1', 'begin 2', 'end 2']);
  });

  test('is interrupted by an abort, also by one before it began', async () => {
    const begun: number[] = [];
    const work = async (item: number) => void begun.push(item);
    await expect(sideBySide([1], 1, work, AbortSignal.abort())).rejects.toMatchObject(interrupted());
    expect(begun).toEqual([]);
  });
});
