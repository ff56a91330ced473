/** A control as the loader reads it: the steps and hosts of the false world. */
import { expect, test } from 'vitest';
import { falseWorld } from '../../lab/claims/false-world.ts';
import type { Control, Scenario } from '../../lab/model/types.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const HEAD = `
lab: worlds
networks: { office: 10.50.1.0/24 }
hosts:
  files:
    service: files
    networks: { office: 10.50.1.10 }
    env: { GREETING_FILE: /srv/a, PORT: "9000" }
    files: { /srv/a: one, /srv/b: two }
    sysctls: { net.ipv4.ip_default_ttl: 64 }
  alice: { networks: { office: 10.50.1.21 } }
steps:
  - { name: first, at: alice, tcp: { to: "files:9000", as: talk } }
  - { name: second, at: alice, udp: { to: "files:9000", send: hello } }
`;

function load(...lines: string[]): { scenario: Scenario; controls: Control[] } {
  const scenario = loadScenario(`${HEAD}${lines.join('\n')}\n`, 'worlds.yaml', vocabulary);
  return { scenario, controls: scenario.steps.at(-1)!.controls ?? [] };
}

const STEP = [
  '  - name: third',
  '    at: alice',
  '    tcp: { to: "files:9000", send: a, give_up: 1s }',
  '    do: [{ receive: A }]',
  '    expect: { receive: B }',
  '    shows: [C1, C16]',
];
const FAILS = 'fails: { check: received, found: nothing }';

function control(...lines: string[]): Control {
  const { controls } = load(
    ...STEP,
    '    control:',
    ...lines.map((line) => `      ${line}`),
    `      ${FAILS}`,
  );
  expect(controls).toHaveLength(1);
  return controls[0]!;
}

const kinds = ({ steps }: Control) => steps.map(({ kind, name }) => name ?? kind);

test('what the world is made of is done just before the step', () => {
  const { steps, claims, hosts, fails } = control('world: [{ at: files, listen: { tcp: 9400, as: early } }]');
  expect(kinds({ steps } as Control)).toEqual(['first', 'second', 'listen', 'third']);
  expect(claims).toEqual(['C1', 'C16']);
  expect(hosts).toBeUndefined();
  expect(fails).toEqual({ check: 'received', found: 'nothing' });
});

test('or before an earlier step, and earlier steps are left out', () => {
  expect(kinds(control('since: second', 'world: [{ at: alice, exec: "true" }]'))).toEqual([
    'first',
    'exec',
    'second',
    'third',
  ]);
  expect(kinds(control('without: first'))).toEqual(['second', 'third']);
  expect(kinds(control('without: [first, second]'))).toEqual(['third']);
});

test('arguments of the step are laid over its own, and what it expects stays', () => {
  const { steps } = control('step: { tcp: { to: "files:7", from: 40000 }, do: [{ receive: C }] }');
  const last = steps.at(-1)!;
  expect(last.args).toEqual({ to: 'files:7', from: 40_000, send: { text: 'a' }, give_up: 1000 });
  expect(last.do).toHaveLength(1);
  expect(JSON.stringify(last.do)).toContain('C');
  expect(JSON.stringify(last.expect)).toContain('B');
  expect([last.shows, last.controls]).toEqual([[], undefined]);
});

test('keys of hosts are laid over theirs, and other hosts are as they were', () => {
  const { hosts } = control(
    'hosts: { files: { env: { PORT: "9100" }, files: { /srv/b: three }, sysctls: { net.ipv4.tcp_retries2: 1 } } }',
  );
  const [files, alice] = hosts!;
  expect(files!.program).toMatchObject({ service: 'files', env: { GREETING_FILE: '/srv/a', PORT: '9100' } });
  expect(files!.files).toEqual([
    { path: '/srv/a', content: { text: 'one' } },
    { path: '/srv/b', content: { text: 'three' } },
  ]);
  expect(files!.sysctls).toEqual({ 'net.ipv4.ip_default_ttl': '64', 'net.ipv4.tcp_retries2': '1' });
  expect(files!.networks).toHaveLength(1);
  expect(alice!.name).toBe('alice');
});

test('another program takes the place of the first, with its environment', () => {
  const { hosts } = control('hosts: { files: { command: [socat, one, two], ready: { tcp: 9000 } } }');
  expect(hosts![0]).toMatchObject({
    program: { kind: 'command', argv: ['socat', 'one', 'two'], env: {} },
    ready: { tcp: 9000 },
  });
});

test('a step that shows several claims may have a world for each', () => {
  const one = (claim: string, port: number) =>
    `      ${claim}: { step: { tcp: { to: "files:${port}" } }, ${FAILS} }`;
  const { controls } = load(...STEP, '    control:', one('C16', 1), one('C1', 2));
  expect(controls.map(({ claims }) => claims)).toEqual([['C16'], ['C1']]);
});

test('a claim that says several things may have a world for each of them', () => {
  const world = (port: number) => `{ step: { tcp: { to: "files:${port}" } }, ${FAILS} }`;
  const two = load(...STEP, `    control: { C16: [${world(1)}, ${world(2)}], C1: ${world(3)} }`).controls;
  expect(two.map(({ claims, steps }) => [claims, steps.at(-1)!.args])).toEqual([
    [['C16'], expect.objectContaining({ to: 'files:1' })],
    [['C16'], expect.objectContaining({ to: 'files:2' })],
    [['C1'], expect.objectContaining({ to: 'files:3' })],
  ]);
  const all = load(...STEP, '    control:', `      - ${world(4)}`, `      - ${world(5)}`).controls;
  expect(all.map(({ claims, where }) => [claims, where.line])).toEqual([
    [['C1', 'C16'], 22],
    [['C1', 'C16'], 23],
  ]);
});

test('a run does not look at controls: the scenario is the same without them', () => {
  const plain = load(...STEP).scenario;
  const { scenario } = load(...STEP, '    control:', '      without: first', `      ${FAILS}`);
  const bare = scenario.steps.map(({ controls: _, ...step }) => step);
  expect({ ...scenario, steps: bare }).toEqual(plain);
});

test('the false world is the scenario with those hosts and steps', () => {
  const { scenario, controls } = load(
    ...STEP,
    '    control:',
    '      hosts: { alice: { sysctls: { net.ipv4.ip_default_ttl: 9 } } }',
    `      ${FAILS}`,
  );
  const world = falseWorld(scenario, controls[0]!);
  expect(world.networks).toBe(scenario.networks);
  expect(world.hosts.map(({ sysctls }) => sysctls)).toEqual([
    { 'net.ipv4.ip_default_ttl': '64' },
    { 'net.ipv4.ip_default_ttl': '9' },
  ]);
  expect(world.steps.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
});
