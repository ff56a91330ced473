/** `lanlab logs` and `lanlab inspect` on a lab that is up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entry } from '../../lab/live/journal.ts';
import { edited, onEachEngine, type Staying, staying } from './staying.ts';

await onEachEngine('what the programs of a lab say', 143, (engine, net) => {
  let here: Staying;
  const say = (text: string) => here.given(text, 'exec', 'alice', '--', 'socat', '-', 'TCP:echo:9000');

  beforeAll(async () => {
    here = await staying();
    const talker = `[sh, -c, "echo out of talker; echo err of talker >&2; exec sleep 1000"]`;
    const file = await here.scenario(
      'logs',
      `lab: logs
networks: { net: 10.${net}.13.0/24 }
hosts:
  echo: { service: tcp-echo, networks: [net] }
  talker: { command: ${talker}, networks: [net] }
  alice: { networks: { net: 10.${net}.13.21 } }
`,
    );
    await here.said('up', file, '--engine', engine);
    const following = here.start('logs', '-f', 'talker');
    for (const word of ['out', 'err']) await following.printed(`${word} of talker`);
    following.child.kill('SIGINT');
    await following.ended;
  }, 120_000);
  afterAll(() => here[Symbol.asyncDispose]());

  /** The lines without their times. */
  const said = async (...args: string[]) => {
    const lines = (await here.said('logs', ...args)).trimEnd().split('\n');
    return lines.map((line) => /^\d\d:\d\d:\d\d\.\d{3} (.*)$/.exec(line)?.[1] ?? `without a time: ${line}`);
  };

  test('is their events and their other lines, each behind its time and its host', async () => {
    await say('hello');
    const lines = await said();
    expect(lines).toContain('talker | out of talker');
    expect(lines).toContain('talker | err of talker');
    const accept = new RegExp(
      `^echo   \\| accept tcp 10\\.${net}\\.13\\.21:\\d+ > 10\\.${net}\\.13\\.\\d+:9000`,
    );
    expect(lines.filter((line) => accept.test(line)).length).toBeGreaterThan(0);
    expect(lines.some((line) => line.includes('"hello"'))).toBe(true);
    expect(lines.findIndex((line) => line.includes('ready'))).toBeLessThan(
      lines.findIndex((line) => accept.test(line)),
    );
  }, 60_000);

  test('can be of some hosts, and of none that is not there', async () => {
    // Two streams: which line comes first is nobody's promise.
    expect((await said('talker')).toSorted()).toEqual(['talker | err of talker', 'talker | out of talker']);
    const { exit, stderr } = await here.lanlab('logs', 'ecko');
    expect(exit).toBe(2);
    expect(stderr).toContain('no host `ecko` in logs, did you mean `echo`?');
  });

  test('is JSON, an object a line, for who asks', async () => {
    const entries = (await here.said('logs', '--json'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry);
    expect(entries).toContainEqual(
      expect.objectContaining({ host: 'talker', stream: 'stderr', line: 'err of talker' }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ host: 'echo', event: expect.objectContaining({ event: 'ready' }) }),
    );
    const times = entries.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    const [first = ''] = (await here.said('logs', 'echo')).split(' ');
    const ready = entries.find(({ host }) => host === 'echo')!;
    // The reader's clock, which may be in another zone.
    expect(first.slice(5)).toBe(ready.time.slice(16, 23));
  });

  test('is followed until Ctrl-C, from the beginning on and nothing twice', async () => {
    const following = here.start('logs', '-f', 'echo');
    await following.printed('ready');
    await say('later on');
    await following.printed('"later on"');
    following.child.kill('SIGINT');
    const { exit, stdout } = await following.ended;
    expect(exit).toBe(0);
    expect(stdout).not.toContain('talker');
    expect(stdout.match(/receive .*"later on"/g)).toHaveLength(1);
    expect(stdout.match(/ready/g)).toHaveLength(1);
  }, 60_000);

  test('goes on with a host that came later', async () => {
    const following = here.start('logs', '-f');
    await following.printed('ready');
    const [{ file } = { file: '' }] = JSON.parse(await here.said('ps', '--json')) as { file: string }[];
    await edited(file, (text) => `${text}  clock: { service: time, networks: [net] }\n`);
    await here.said('up', file);
    await following.printed('clock  | ready');
    following.child.kill('SIGINT');
    await following.ended;
  }, 60_000);

  test('inspect shows the plan and the live state', async () => {
    const text = await here.said('inspect');
    expect(text).toContain(`interface  eth0 10.${net}.13.21/24`);
    expect(text).toContain('socket     tcp LISTEN [::]:9000');
    expect(text).toContain('program    tcp-echo: running');
    const found = JSON.parse(await here.said('inspect', 'logs', '--json'));
    expect(found).toMatchObject({ lab: 'logs', engine, phase: 'up', plan: { lab: 'logs' } });
    const alice = found.hosts.find(({ name }: { name: string }) => name === 'alice');
    expect(alice.routes).toEqual([expect.objectContaining({ to: `10.${net}.13.0/24`, interface: 'eth0' })]);
    expect(alice.lacking).toEqual([]);
  });
});
