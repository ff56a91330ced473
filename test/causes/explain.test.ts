/** Evidence that cannot be had, or that a real host here does not give: nothing is said that it does not show. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentCalls, ExecResult, NetworkFailureData } from '../../lab/agent/protocol.ts';
import { readRoutes, routeTo } from '../../lab/causes/evidence/routes.ts';
import { causes, explain } from '../../lab/causes/index.ts';
import { LabError } from '../../lab/errors.ts';
import { EventLog } from '../../lab/live/events.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { Journal } from '../../lab/live/journal.ts';
import { CableRecord } from '../../lab/outcomes/cable-record.ts';
import type { Judged } from '../../lab/outcomes/check.ts';
import type { StepContext } from '../../lab/outcomes/context.ts';
import { begin, type Outcome } from '../../lab/outcomes/outcome.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { resolveEndpoint } from '../../lab/plan/resolve.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

/** The step at alice, failed so, at hosts whose agents answer like this. */
async function failed(
  step: string,
  failure: Partial<NetworkFailureData>,
  agent: Partial<AgentCalls>,
  stated: Partial<Outcome> = {},
): Promise<string | undefined> {
  const text = `
lab: pretend
networks: { office: 10.91.1.0/24 }
hosts:
  echo: { networks: { office: 10.91.1.10 } }
  alice: { networks: { office: 10.91.1.21 } }
steps: [{ at: alice, ${step} }]
`;
  const scenario = loadScenario(text, 'test.yaml', vocabulary);
  const plan = planScenario(scenario);
  const hosts = plan.hosts.map((host): [string, LiveHost] => {
    const events = new EventLog();
    const live = {
      name: host.name,
      plan: host,
      events,
      words: [],
      journal: new Journal(),
      start: async () => {},
      agent,
      capabilities: {},
    };
    return [host.name, live as unknown as LiveHost];
  });
  const context = {
    hosts: new Map(hosts),
    named: new Map(),
    faults: [],
    cables: new CableRecord(new Map(hosts), []),
    resolve: (endpoint: string, port?: number) => resolveEndpoint(plan, 'alice', endpoint, port),
  } as Partial<StepContext> as StepContext;
  const outcome = begin('it');
  outcome.failure = { kind: 'timeout', errno: '', syscall: '', message: '', after: 1, ...failure };
  Object.assign(outcome, stated);
  const checks: Judged[] = [{ kind: 'failed', failure: outcome.failure.kind, held: false }];
  return (await explain('alice', outcome, checks, context))?.says;
}

const prints = (text: string) => async (): Promise<ExecResult> => ({
  exit: 0,
  signal: null,
  stdout: Buffer.from(text),
  stderr: Buffer.alloc(0),
  truncated: false,
  said: { stdout: 0, stderr: 0 },
});

/** What such a step states of itself. */
const ASKED: Partial<Outcome> = {
  target: { transport: 'tcp', address: '10.91.1.10', port: 9000 },
  binds: { transport: 'tcp', port: 40_000 },
};

describe('the cause', () => {
  // What is waited for comes of itself, or never.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What is said in the end. */
  async function inTheEnd(cause: Promise<string | undefined>): Promise<string | undefined> {
    await vi.runAllTimersAsync();
    return await cause;
  }

  test('of a low port that is refused is the limit, and of a higher port it is not', async () => {
    const refused = { kind: 'not-permitted', errno: 'EACCES', syscall: 'listen' } as const;
    const agent = { exec: prints('1024\n') };
    const binds = (port: number): Partial<Outcome> => ({ binds: { transport: 'tcp', port } });
    expect(await failed('listen: { tcp: 80 }', refused, agent, binds(80))).toBe(
      'ports under 1024 need a permission on alice: its net.ipv4.ip_unprivileged_port_start is 1024',
    );
    expect(await failed('listen: { tcp: 1024 }', refused, agent, binds(1024))).toBeUndefined();
  });

  test('is not told where no agent answers', async () => {
    const gone = () => Promise.reject(new LabError('agent', 'gone'));
    const agent = new Proxy({}, { get: () => gone });
    for (const kind of ['timeout', 'refused', 'unreachable', 'in-use', 'reset', 'other'] as const)
      expect(await failed('tcp: { to: "echo:9000" }', { kind }, agent, ASKED)).toBeUndefined();
  });

  test('that has a bug is a bug, and is told with its stack', async () => {
    const bug = () => Promise.reject(new TypeError('it is not what it was taken for'));
    const agent = new Proxy({}, { get: () => bug });
    const look = failed('tcp: { to: "echo:9000" }', { kind: 'timeout' }, agent, ASKED);
    await expect(look).rejects.toThrow(new TypeError('it is not what it was taken for'));
  });

  test('is not waited for where agents say nothing', async () => {
    const agent = new Proxy({}, { get: () => () => new Promise(() => {}) });
    const cause = failed('tcp: { to: "echo:9000" }', { kind: 'timeout' }, agent, ASKED);
    expect(await inTheEnd(cause)).toBeUndefined();
  });

  test('is one that is known, though an answer about others is still out', async () => {
    const socket = { transport: 'tcp', state: 'LISTEN', receiveQueue: 3, sendQueue: 2 } as const;
    const sockets = async () => [
      { ...socket, local: { address: '0.0.0.0', port: 9000 }, peer: { address: '0.0.0.0', port: 0 } },
    ];
    const never = () => new Promise(() => {});
    const addresses = [{ address: '10.91.1.10', prefix: 24 }];
    const interfaces = async () => [{ name: 'eth0', mac: '', up: true, carrier: true, mtu: 1500, addresses }];
    const agent = { sockets, exec: never, neighbours: never, cutOff: never, interfaces };
    const cause = failed('tcp: { to: "echo:9000" }', {}, agent as unknown as Partial<AgentCalls>, ASKED);
    expect(await inTheEnd(cause)).toBe("echo's backlog of port 9000 is full: 3 of 2 not yet accepted");
  });
});

describe('a route', () => {
  const rules = '[{},{},{}]';
  const read = (printed: string) => readRoutes(printed) ?? [];
  const printed = (...routes: object[]) => `${rules}\n${JSON.stringify(routes)}\n`;

  test('is the one with the longest prefix, then the lowest metric', () => {
    const routes = read(
      printed(
        { dst: 'default', gateway: '10.1.0.1', dev: 'eth0' },
        { dst: '10.2.0.0/16', dev: 'eth1', metric: 20 },
        { dst: '10.2.0.0/16', dev: 'eth2', metric: 10 },
        { dst: '10.2.3.4', dev: 'eth3' },
        { dst: '10.3.0.0/16', type: 'prohibit' },
      ),
    );
    expect(routeTo('192.0.2.1', routes)).toMatchObject({ to: 'default', via: '10.1.0.1', card: 'eth0' });
    expect(routeTo('10.2.9.9', routes)?.card).toBe('eth2');
    expect(routeTo('10.2.3.4', routes)?.card).toBe('eth3');
    expect(routeTo('10.3.0.1', routes)?.type).toBe('prohibit');
    expect(routeTo('192.0.2.1', routes.slice(1))).toBeUndefined();
  });

  test('is not told where rules or several next hops decide', () => {
    expect(readRoutes('[{},{},{},{}]\n[]\n')).toBeUndefined();
    expect(readRoutes(printed({ dst: 'default', nexthops: [{}, {}] }))).toBeUndefined();
  });
});

test('every cause is in docs/why.md, in the order in which they are looked for', () => {
  const page = readFileSync(new URL('../../docs/why.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, word]) => word);
  expect(rows).toEqual(causes.map(({ word }) => word));
});
