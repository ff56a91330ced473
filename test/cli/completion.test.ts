/** The completion of a shell, as the shell itself works it out. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { ROOT } from './command.ts';
import { type Staying, staying } from './staying.ts';

const LAB = `lab: tabs
networks: { net: 10.84.32.0/24 }
hosts: { alice: { networks: [net] }, albert: { networks: [net] }, bob: { networks: [net] } }
`;

describeNeeding('netns', (await netnsEngine().probe()).lacking?.why, 'completion in bash', () => {
  let here: Staying;
  beforeAll(async () => {
    here = await staying();
    await here.said('up', await here.scenario('tabs', LAB), '--engine', 'netns');
  });
  afterAll(() => here[Symbol.asyncDispose]());

  /** What is offered for the last of these words. */
  const offered = (...words: string[]): string[] => {
    const script = `
      source <(lanlab completion bash)
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      compopt() { :; }
      _lanlab
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const PATH = `${join(ROOT, 'bin')}:${process.env.PATH}`;
    const env = { ...process.env, PATH, LANLAB_STATE: here.state };
    const said = execFileSync('bash', ['-c', script, 'bash', 'lanlab', ...words], { env, encoding: 'utf8' });
    return said.split('\n').filter((line) => line !== '');
  };

  test.each([
    ['the host of a command that is about one', ['exec', 'al'], ['alice', 'albert']],
    ['a host after an option with its value', ['shell', '--lab', 'tabs', 'b'], ['bob']],
    ['each of several hosts', ['logs', '--json', 'alice', 'b'], ['bob']],
    ['the lab that an option names', ['exec', '--lab', ''], ['tabs']],
    ['the lab that goes down', ['down', 't'], ['tabs']],
    ['no second host where there is one', ['capture', 'alice', 'bo'], []],
    ['no host for a command inside one', ['exec', 'alice', '--', 'bo'], []],
    ['the commands', ['exe'], ['exec']],
  ])('offers %s', (_, words, names) => {
    expect(offered(...words)).toEqual(names);
  });

  test('offers no host of a lab that is down', async () => {
    await here.said('down');
    expect(offered('exec', 'al')).toEqual([]);
  });
});
