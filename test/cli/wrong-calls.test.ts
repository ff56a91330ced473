/** Wrong calls: the exact text a user sees, the exit code, and nothing started. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from './command.ts';

const LAN = 'scenarios/01-lan.yaml';
const HELP = '(lanlab --help shows what there is)\n';
const NO_LAB = 'lanlab: no lab is up\n  hint: bring one up: lanlab up SCENARIO\n';

/** What is typed, and what standard error says; `env` for what surrounds it. */
const CASES: [typed: string, said: string, exit?: number, env?: Record<string, string>][] = [
  ['rum', `error: unknown command 'rum'\n(Did you mean run?)\n${HELP}`],
  ['run', `error: missing required argument 'scenario'\n${HELP}`],
  ['up', `error: missing required argument 'scenario'\n${HELP}`],
  ['shell', `error: missing required argument 'host'\n${HELP}`],
  [`run --engin docker ${LAN}`, `error: unknown option '--engin'\n(Did you mean --engine?)\n${HELP}`],
  [
    `run ${LAN} --engine dokcer`,
    `error: option '--engine <name>' argument 'dokcer' is invalid. Allowed choices are docker, netns, compose, swarm.\n${HELP}`,
  ],
  [
    `run ${LAN} --jobs 0`,
    `error: option '--jobs <n>' argument '0' is invalid. It is a whole number from 1 to 100.\n${HELP}`,
  ],
  [
    `run ${LAN} --on-conflict hope`,
    `error: option '--on-conflict <how>' argument 'hope' is invalid. Allowed choices are refuse, wait.\n${HELP}`,
  ],
  [
    'completion tcsh',
    `error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n${HELP}`,
  ],
  [
    'run nowhere.yaml',
    'lanlab: cannot read nowhere.yaml: there is no such file\n  hint: name a scenario, for instance scenarios/01-lan.yaml\n',
  ],
  [
    `run ${LAN} --keys`,
    'lanlab: --keys puts keys into the file of --capture, and no file is named\n  hint: write --capture run.pcapng --keys\n',
  ],
  ['run scenarios', 'lanlab: cannot read scenarios: this is a folder\n  hint: name a file in it\n'],
  [
    `run ${LAN} --json /nowhere/r.json`,
    'lanlab: --json /nowhere/r.json cannot be written: there is no such folder\n  hint: make the folder first: mkdir -p /nowhere\n',
  ],
  [
    `run ${LAN} --json - --tap -`,
    'lanlab: --json and --tap both go to standard output\n  hint: give --tap a file of its own\n',
  ],
  ['exec alice -- true', NO_LAB],
  ['down nothing', NO_LAB],
  ['logs', NO_LAB],
  ['inspect', NO_LAB],
  [
    `run ${LAN} --engine docker`,
    'lanlab: the engine docker does not answer\n' +
      '  docker: no Docker Engine answers at DOCKER_HOST=tcp://127.0.0.1:1 (ECONNREFUSED)\n' +
      '  hint: docker: start the engine there, or unset DOCKER_HOST\n',
    3,
    { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  ],
];

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'lanlab-state-'));
});
afterAll(() => rm(state, { recursive: true }));

test.each(CASES)('lanlab %s', async (typed, said, exit = 2, env = {}) => {
  const ended = await start(typed.split(' '), { LANLAB_STATE: state, ...env }).ended;
  expect(ended).toEqual({ exit, signal: null, stdout: '', stderr: said });
});
