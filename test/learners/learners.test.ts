/** The tutorials' own clients against our services, across hosts, with nothing changed but the address. */
import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { engineNamed } from '../../lab/engines/index.ts';
import { isTried } from '../engines-here.ts';
import { describeNeeding } from '../needs.ts';
import { datagrams } from './datagrams.ts';
import { downloads } from './downloads.ts';
import type { Ground } from './learner.ts';
import { streams } from './streams.ts';
import { talk } from './talk.ts';

const NETS = { netns: '10.120', docker: '10.121' } as const;

for (const name of (['netns', 'docker'] as const).filter(isTried)) {
  const engine = engineNamed(name);
  const { lacking } = await engine.probe();
  const [need, missing] = lacking ? [name, `${lacking.why}; ${lacking.hint}`] : here(name);
  const ground: Ground = { engine, net: NETS[name] };
  describeNeeding(need, missing, `programs of learners on ${name}`, () => {
    describe('over TCP', () => streams(ground));
    describe('files', () => downloads(ground));
    describe('over UDP', () => datagrams(ground));
    describe('chat', () => talk(ground));
  });
}

/** In a namespace it is this machine's Python that runs them; on Docker their image brings its own. */
function here(engine: 'netns' | 'docker'): [need: string, missing: string | undefined] {
  if (engine === 'docker' || spawnSync('/usr/bin/python3', ['--version']).status === 0) {
    return ['python3', undefined];
  }
  return ['python3', 'no /usr/bin/python3 here; apt-get install python3'];
}
