/** `lanlab run --keep`: a lab stays up where a step did not hold, and only there. */
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { labs, leftOnDocker, onEachEngine, type Staying, staying } from './staying.ts';

const scenario = (net: number, answer: string) => `lab: kept
networks: { net: 10.${net}.14.0/24 }
hosts:
  echo: { service: tcp-echo, networks: [net] }
  alice: { networks: [net] }
steps:
  - name: the server answers in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello, as: talk }
    expect: { receive: HELLO }
  - name: and again
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: ${answer} }
`;

await onEachEngine('run --keep', 140, (engine, net) => {
  let here: Staying;
  beforeEach(async () => {
    here = await staying();
  });
  afterEach(() => here[Symbol.asyncDispose]());

  test('takes a lab down in which every step held, with the report of any run', async () => {
    const file = await here.scenario('kept', scenario(net, 'HELLO'));
    const { exit, stdout } = await here.lanlab('run', file, '--keep', '--engine', engine);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/✓ +1 the server answers in capitals/);
    expect(stdout).toMatch(/2 steps held: 2 of 2 checks/);
    expect(stdout).not.toContain('still up');
    expect(await labs(here)).toEqual([]);
    expect(await readdir(here.state)).toEqual([]);
  }, 60_000);

  test('leaves a lab up in which one did not, exits with 1, and says how to get in and how to take it down', async () => {
    const file = await here.scenario('kept', scenario(net, 'HULLO'));
    const { exit, stdout } = await here.lanlab('run', file, '--keep', '--engine', engine);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/✓ +1 the server answers in capitals/);
    expect(stdout).toMatch(/✗ +2 and again/);
    const [kept] = await labs(here);
    expect(kept).toMatchObject({ lab: 'kept', engine, phase: 'up', alive: true });
    expect(stdout).toContain(`kept is still up (${kept!.id})`);
    expect(stdout).toContain(`lanlab exec alice --lab ${kept!.id} -- `);
    expect(stdout).toContain(`lanlab down ${kept!.id}`);
    // What was said during the run is there to be looked at.
    expect(await here.said('logs', 'echo')).toContain('receive');
    expect(await here.said('exec', 'alice', '--', 'getent', 'hosts', 'echo')).toContain('echo');
    const again = await here.lanlab('run', file, '--keep', '--engine', engine);
    expect(again.stderr).toContain(`is up already: ${kept!.id}`);
    await here.said('down', kept!.id);
    expect(await leftOnDocker(engine, kept!.id)).toEqual([]);
  }, 120_000);

  test('interrupted while steps run takes the lab down', async () => {
    const waiting = `${scenario(net, 'HELLO')}  - at: alice\n    exec: { run: "sleep 1000", give_up: 1000s }\n`;
    const command = here.start('run', await here.scenario('kept', waiting), '--keep', '--engine', engine);
    await command.printed('and again');
    const [listed] = await labs(here);
    expect(listed?.phase).toBe('running');
    command.child.kill('SIGINT');
    expect((await command.ended).exit).toBe(130);
    expect(await labs(here)).toEqual([]);
    expect(await leftOnDocker(engine, listed!.id)).toEqual([]);
  }, 60_000);
});
