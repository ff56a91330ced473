/** Programs that run while somebody looks: input, output, signals and the end. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../../lab/agent/agent.ts';
import type { ProcessOutput } from '../../lab/agent/protocol.ts';
import { running } from '../cli/command.ts';

let agent: Agent = createAgent();
afterEach(async () => {
  await agent.closeAll();
  agent = createAgent();
});

const shell = (script: string, env: Record<string, string> = {}) =>
  agent.processStart({ argv: ['sh', '-c', script], env });

interface Heard {
  stdout: string;
  stderr: string;
  end: ProcessOutput;
}

async function hearAll(handle: string): Promise<Heard> {
  const heard = { stdout: '', stderr: '' };
  for (;;) {
    const output = await agent.processRead({ handle, giveUp: 20_000 });
    if (!('stream' in output)) return { ...heard, end: output };
    heard[output.stream] += Buffer.from(output.bytes).toString();
  }
}

/** Reads on until standard output holds this. */
async function hear(handle: string, text: string): Promise<string> {
  let heard = '';
  while (!heard.includes(text)) {
    const output = await agent.processRead({ handle, giveUp: 20_000 });
    if (!('stream' in output)) throw new Error(`${JSON.stringify(output)} before ${text}: ${heard}`);
    heard += Buffer.from(output.bytes).toString();
  }
  return heard;
}

describe('a process', () => {
  test('says what it says on both outputs, and how it ended', async () => {
    const { handle } = await shell('echo out; echo err >&2; exit 7');
    expect(await hearAll(handle)).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      end: { exit: 7, signal: null },
    });
    // And says so again to whoever asks again.
    expect(await agent.processRead({ handle, giveUp: 0 })).toEqual({ exit: 7, signal: null });
  });

  test('ended by a signal says which', async () => {
    const { handle } = await shell('kill -TERM $$');
    expect((await hearAll(handle)).end).toEqual({ exit: null, signal: 'SIGTERM' });
  });

  test('has the variables it is given', async () => {
    const { handle } = await shell('echo $WORD', { WORD: 'hello' });
    expect((await hearAll(handle)).stdout).toBe('hello\n');
  });

  test('that is not there is an ENOENT, one that may not be executed an EACCES', async () => {
    const start = (argv: string[]) => agent.processStart({ argv });
    await expect(start(['no-such-command'])).rejects.toMatchObject({ data: { errno: 'ENOENT' } });
    await expect(start(['/etc/passwd'])).rejects.toMatchObject({ data: { errno: 'EACCES' } });
  });

  test('gets its input, and its end', async () => {
    const { handle } = await shell('cat; echo over');
    expect(await agent.processWrite({ handle, bytes: Buffer.from('in'), giveUp: 20_000 })).toBe('taken');
    await agent.processEnd({ handle });
    expect((await hearAll(handle)).stdout).toBe('inover\n');
  });

  test('that does not read makes the writer wait, and takes it all when it reads', async () => {
    const { handle } = await shell('read go; exec wc -c');
    const bytes = Buffer.concat([Buffer.from('go\n'), Buffer.alloc(1024 * 1024, 'x')]);
    const { handle: other } = await shell('exec sleep 1000');
    expect(await agent.processWrite({ handle: other, bytes, giveUp: 100 })).toBe('waiting');
    expect(await agent.processWrite({ handle, bytes, giveUp: 20_000 })).toBe('taken');
    await agent.processEnd({ handle });
    expect((await hearAll(handle)).stdout.trim()).toBe(String(1024 * 1024));
  });

  test('that reads no more says so', async () => {
    const { handle } = await shell('exec <&-; echo closed; exec sleep 1000');
    await hear(handle, 'closed');
    await expect
      .poll(() => agent.processWrite({ handle, bytes: Buffer.from('x'), giveUp: 100 }))
      .toBe('closed');
  });

  test('is held back by a reader that does not read', async () => {
    const { handle } = await shell('head -c 100000000 /dev/zero & echo $! >&2; wait $!; echo done >&2');
    // Far more than any buffer on the way: it cannot be done before anybody reads.
    const first = await agent.processRead({ handle, giveUp: 20_000 });
    expect(first).not.toHaveProperty('exit');
    let bytes = 0;
    for (;;) {
      const output = await agent.processRead({ handle, giveUp: 20_000 });
      if ('exit' in output) break;
      if ('stream' in output && output.stream === 'stdout') bytes += output.bytes.length;
    }
    if ('stream' in first && first.stream === 'stdout') bytes += first.bytes.length;
    expect(bytes).toBe(100_000_000);
  });

  test('that leaves another behind which holds its output open is over all the same', async () => {
    const { handle } = await shell('sleep 1000 & echo $!');
    const { stdout, end } = await hearAll(handle);
    expect(end).toEqual({ exit: 0, signal: null });
    process.kill(Number(stdout), 'SIGKILL');
  });

  test('gets signals, with what it started', async () => {
    const { handle } = await shell('trap "echo caught; exit 3" INT; sleep 1000 & echo ready; wait');
    await hear(handle, 'ready');
    await agent.processSignal({ handle, signal: 'SIGINT' });
    expect(await hearAll(handle)).toMatchObject({ stdout: 'caught\n', end: { exit: 3 } });
  });

  test('is killed when it is closed, with what it started', async () => {
    const { handle } = await shell('sleep 1000 & echo $$ $!; wait');
    const pids = (await hear(handle, '\n')).trim().split(' ').map(Number);
    expect(running(pids)).toEqual(pids);
    await agent.close({ handle });
    await expect.poll(() => running(pids)).toEqual([]);
  });

  test('answers that nothing has come yet', async () => {
    const { handle } = await shell('exec sleep 1000');
    expect(await agent.processRead({ handle, giveUp: 10 })).toEqual({ waiting: true });
  });
});

describe('a process with a terminal', () => {
  const start = (script: string) =>
    agent.processStart({ argv: ['sh', '-c', script], terminal: { columns: 77, rows: 33 } });

  test('has one, of the size asked for, and one output', async () => {
    const { handle } = await start(
      'stty size; test -t 0 && test -t 1 && test -t 2 && echo terminal; echo err >&2; exit 5',
    );
    const { stdout, stderr, end } = await hearAll(handle);
    expect(stdout.replaceAll('\r', '')).toBe('33 77\nterminal\nerr\n');
    expect([stderr, end]).toEqual(['', { exit: 5, signal: null }]);
  });

  test('is told of a new size', async () => {
    const { handle } = await start('trap "stty size" WINCH; echo ready; while :; do sleep 0.1; done');
    await hear(handle, 'ready');
    await agent.processResize({ handle, size: { columns: 99, rows: 44 } });
    expect(await hear(handle, '44 99')).toContain('44 99');
  });

  test('turns Ctrl-C into a signal for what is in front', async () => {
    const { handle } = await start('trap "echo caught; exit 4" INT; echo ready; while :; do sleep 0.1; done');
    await hear(handle, 'ready');
    await agent.processWrite({ handle, bytes: Buffer.from('\x03'), giveUp: 1_000 });
    const { stdout, end } = await hearAll(handle);
    expect(stdout).toContain('caught');
    expect(end).toEqual({ exit: 4, signal: null });
  });

  test('keeps words with spaces and quotes whole', async () => {
    const argv = ['printf', '%s|', 'two words', "it's", '$HOME', '"'];
    const { handle } = await agent.processStart({ argv, terminal: { columns: 80, rows: 24 } });
    expect((await hearAll(handle)).stdout).toBe('two words|it\'s|$HOME|"|');
  });
});
