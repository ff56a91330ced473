/** `programs:`: a host has the keys of the program that it names, and its own keys win. */
import { expect, test } from 'vitest';
import type { Host } from '../../lab/model/types.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const load = (hosts: string, more = '') =>
  loadScenario(
    `lab: demo
networks: { lan: 10.50.1.0/24 }
programs:
  peer:
    command: [peer, -v]
    files: { /srv/a: a, /srv/b: b }
    env: { PORT: 80, WORD: hello }
    ready: { tcp: 80, within: 10s }
hosts: { ${hosts} }
${more}`,
    'demo.yaml',
    vocabulary,
  );

const host = (words: string): Host => load(`pc: { networks: [lan], ${words} }`).hosts[0]!;

test('a host has the whole program that it names', () => {
  const { program, files, ready } = host('program: peer');
  expect(program).toEqual({ kind: 'command', argv: ['peer', '-v'], env: { PORT: '80', WORD: 'hello' } });
  expect(files.map(({ path }) => path)).toEqual(['/srv/a', '/srv/b']);
  expect(ready).toEqual({ tcp: 80, within: 10_000 });
});

test('what a host says itself comes before what the program says, key by key', () => {
  const own = host(
    'program: peer, env: { PORT: 81 }, files: { /srv/b: { text: own, mode: "0700" }, /srv/c: c }, ready: { tcp: 81 }',
  );
  expect(own.program?.env).toEqual({ PORT: '81', WORD: 'hello' });
  expect(new Map(own.files.map(({ path, content, mode }) => [path, [content, mode]]))).toEqual(
    new Map([
      ['/srv/a', [{ text: 'a' }, undefined]],
      ['/srv/b', [{ text: 'own' }, 0o700]],
      ['/srv/c', [{ text: 'c' }, undefined]],
    ]),
  );
  expect(own.ready).toEqual({ tcp: 81, within: 10_000 });
});

test('in the world of a control another command takes the place of the program', () => {
  const { steps } = load(
    'pc: { networks: [lan], program: peer }, tv: { networks: [lan] }',
    `steps:
  - name: an answer
    at: tv
    shows: [C6]
    tcp: { to: "pc:80" }
    control: { hosts: { pc: { command: other } }, fails: { check: tcp, found: refused } }
`,
  );
  const world = steps[0]!.controls![0]!.hosts!.find(({ name }) => name === 'pc')!;
  expect(world.program).toMatchObject({ kind: 'command', argv: ['sh', '-c', 'other'] });
});
