/** `lanlab exec` on a lab that is up: input, output, exit codes, signals, and names that were mistyped. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onEngines, STAYING, type Staying, staying } from './staying.ts';

await onEngines(STAYING, 'a command on a host', 144, (engine, net) => {
  let here: Staying;
  const exec = (...args: string[]) => here.lanlab('exec', 'alice', ...args);
  const shell = (script: string) => exec('--', 'sh', '-c', script);

  beforeAll(async () => {
    here = await staying();
    const file = await here.scenario(
      'exec',
      `{ lab: exec, networks: { net: 10.${net}.10.0/24 }, hosts: { alice: { networks: [net] }, bob: { networks: [net] } } }`,
    );
    await here.said('up', file, '--engine', engine);
  });
  afterAll(() => here[Symbol.asyncDispose]());

  test('passes on its two outputs and its exit code', async () => {
    expect(await shell('echo out; echo err >&2; exit 7')).toEqual({
      exit: 7,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('runs on its host: by name, in its top folder, with the variables it is given', async () => {
    const { stdout } = await exec(
      '-e',
      'ONE=1',
      '--env',
      'TWO=a=b',
      '--',
      'sh',
      '-c',
      'hostname; pwd; echo $ONE $TWO',
    );
    expect(stdout).toBe('alice\n/\n1 a=b\n');
  });

  test('ended by a signal is 128 and its number', async () => {
    expect((await shell('kill -TERM $$')).exit).toBe(143);
    expect((await shell('kill -KILL $$')).exit).toBe(137);
  });

  test('that is not there is 127, one that may not be executed 126, each with a clear line', async () => {
    expect(await exec('--', 'no-such-command')).toMatchObject({
      exit: 127,
      stderr: 'lanlab: no command `no-such-command` on alice\n',
    });
    expect(await exec('--', '/etc/passwd')).toMatchObject({
      exit: 126,
      stderr: 'lanlab: `/etc/passwd` on alice may not be executed\n',
    });
  });

  test('that is in no folder of PATH is not there, though one of them may not be searched', async () => {
    const path = 'PATH=/root/bin:/usr/bin:/bin';
    expect(await exec('--env', path, '--', 'no-such-command')).toMatchObject({ exit: 127 });
  });

  test('gets its input as it is, and every byte of its output comes back', async () => {
    const bytes = randomBytes(5_000_000);
    const { exit, stdout } = await here.given(bytes, 'exec', 'alice', '--', 'cat');
    expect(exit).toBe(0);
    expect(Buffer.from(stdout, 'latin1').equals(bytes)).toBe(true);
  }, 60_000);

  test('that does not read its input ends all the same', async () => {
    const { exit } = await here.given(Buffer.alloc(5_000_000), 'exec', 'alice', '--', 'sh', '-c', 'exit 3');
    expect(exit).toBe(3);
  });

  test('gets Ctrl-C', async () => {
    const command = here.start(
      'exec',
      'alice',
      '--',
      'sh',
      '-c',
      'trap "exit 42" INT; sleep 1000 & echo ready; wait',
    );
    await command.printed('ready');
    command.child.kill('SIGINT');
    expect((await command.ended).exit).toBe(42);
  });

  test('that does not listen to Ctrl-C is ended by the second one', async () => {
    const script = 'trap "echo first" INT; echo ready; while :; do sleep 0.05; done';
    const command = here.start('exec', 'alice', '--', 'sh', '-c', script);
    await command.printed('ready');
    command.child.kill('SIGINT');
    await command.printed('first');
    command.child.kill('SIGINT');
    expect((await command.ended).exit).toBe(137);
  });

  test('ends with the command that asked for it, also when that is killed', async () => {
    const command = here.start(
      'exec',
      'alice',
      '--',
      'sh',
      '-c',
      'touch /tmp/runs; echo ready; exec tail -f /tmp/runs',
    );
    await command.printed('ready');
    command.child.kill('SIGKILL');
    await command.ended;
    const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c '[t]ail -f /tmp/runs'`;
    await expect.poll(async () => (await shell(look)).stdout, { timeout: 20_000 }).toBe('0\n');
  }, 40_000);

  test('whose reader has gone is over', async () => {
    const command = here.start('exec', 'alice', '--', 'yes');
    await command.printed('y\n');
    command.child.stdout?.destroy();
    expect((await command.ended).exit).toBe(141);
  });

  test('on a host that was mistyped says the nearest, and the list', async () => {
    const { exit, stderr } = await here.lanlab('exec', 'alise', '--', 'true');
    expect([exit, stderr]).toEqual([
      2,
      'lanlab: no host `alise` in exec, did you mean `alice`?\n  hint: the hosts there are: alice, bob\n',
    ]);
  });

  test('in a lab that was mistyped says the nearest', async () => {
    const { exit, stderr } = await exec('--lab', 'exce', '--', 'true');
    expect(exit).toBe(2);
    expect(stderr).toContain('no lab `exce` is up, did you mean `exec`?');
  });

  test('without its -- says so', async () => {
    const { exit, stderr } = await exec('ls', '-l');
    expect(exit).toBe(2);
    expect(stderr).toContain('write -- before the command: lanlab exec HOST -- COMMAND…');
  });

  test('with a variable that is none says how it is written', async () => {
    const { exit, stderr } = await exec('-e', 'LANG', '--', 'true');
    expect([exit, stderr]).toEqual([
      2,
      'lanlab: `LANG` is not NAME=VALUE\n  hint: for instance: -e LANG=C\n',
    ]);
  });
});
