/** A lab on 127.0.0.0/8: the real agent and the real programs, in this process, each host with its own address. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, createAgent } from '../../lab/agent/agent.ts';
import { CAPABILITIES, type Capabilities, type HostEvent, type Lacking } from '../../lab/agent/protocol.ts';
import { EventLog } from '../../lab/live/events.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { Journal } from '../../lab/live/journal.ts';
import type { PlannedHost } from '../../lab/model/planned.ts';
import type { Step } from '../../lab/model/types.ts';
import { CableRecord } from '../../lab/outcomes/cable-record.ts';
import type { StepContext } from '../../lab/outcomes/context.ts';
import type { Conversation } from '../../lab/outcomes/conversation.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runStep } from '../../lab/steps/run-step.ts';
import { expectations, steps } from '../../lab/vocabulary.ts';
import { createChat } from '../../services/chat/server.ts';
import type { ServiceEvent } from '../../services/events.ts';
import { createFiles } from '../../services/files/server.ts';
import type { Service } from '../../services/serve.ts';
import { createTcpEcho } from '../../services/tcp-echo/server.ts';
import { createTime } from '../../services/time/server.ts';
import { createUdpEcho } from '../../services/udp-echo/server.ts';

/** The last number of each host's address. Ports are those of the lab, but 7 is 9007 and 123 is 9123. */
const HOSTS = { echo: 10, bounce: 11, clock: 12, files: 13, chat: 14, alice: 21, bob: 22, carol: 23 };

const LACKING: Lacking = { why: 'this test has none', hint: 'none is needed' };
const NOTHING = Object.fromEntries(CAPABILITIES.map((one) => [one, LACKING])) as Capabilities;

/** A step as a scenario writes it, without YAML. */
export interface Written {
  name?: string;
  at: string;
  do?: unknown[];
  expect?: Record<string, unknown>;
  [word: string]: unknown;
}

export interface Loopback extends AsyncDisposable {
  hosts: Map<string, LiveHost>;
  named: Map<string, Conversation>;
  /** Parses the step by its word's own schema, and does it. */
  run(written: Written): Promise<StepResult>;
  address(host: string): string;
}

/** Addresses of its own for each test process, so that the ports can be the usual ones. */
const prefix = `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}`;

export async function loopback(): Promise<Loopback> {
  const root = await mkdtemp(join(tmpdir(), 'lanlab-steps-'));
  await writeFile(join(root, 'note.txt'), 'a note\n');
  await writeFile(join(root, 'big.bin'), Buffer.alloc(300_000, 'abc'));
  const hosts = new Map<string, LiveHost>();
  const agents = Object.keys(HOSTS).map((name) => {
    const { host, agent } = createHost(name);
    hosts.set(name, host);
    return agent;
  });
  const services = await startServices(hosts, root);
  const named = new Map<string, Conversation>();
  let index = 0;
  return {
    hosts,
    named,
    address,
    run: (written) => {
      index += 1;
      const context = contextOf(written.at, hosts, named);
      return runStep(parse(written, index), { steps, expectations }, context);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(agents.map((agent) => agent.closeAll()));
      await Promise.all(services.map((service) => service.close(0)));
      await rm(root, { recursive: true });
    },
  };
}

function address(host: string): string {
  return `${prefix}.${HOSTS[host as keyof typeof HOSTS]}`;
}

function createHost(name: string): { host: LiveHost; agent: Agent } {
  const events = new EventLog();
  const agent = createAgent((event) => events.append(event));
  const card = {
    addresses: [{ family: 'ipv4' as const, address: address(name), broadcast: `${prefix}.255`, prefix: 24 }],
    name: 'eth0',
    network: 'office',
  };
  const plan: PlannedHost = {
    name,
    interfaces: [{ ...card, mac: '02:00:00:00:00:01', members: [], mtu: 1500, internet: false }],
    forward: false,
    routes: [],
    hostsFile: '',
    sysctls: {},
    files: [],
  };
  const start = () => Promise.reject(new Error('it has no program'));
  return {
    host: {
      name,
      plan,
      agent,
      events,
      words: [],
      journal: new Journal(),
      capabilities: NOTHING,
      renew: async () => {},
      start,
    },
    agent,
  };
}

function startServices(hosts: Map<string, LiveHost>, root: string): Promise<Service[]> {
  const at = (name: string) => ({
    hosts: [address(name)],
    onEvent: (event: ServiceEvent) => hosts.get(name)?.events.append(event as HostEvent),
  });
  return Promise.all([
    createTcpEcho({ ...at('echo'), echoPort: 9007, capitalsPort: 9000 }),
    createUdpEcho({ ...at('bounce'), echoPort: 9007, capitalsPort: 9000, groups: [] }),
    createTime({
      ...at('clock'),
      ntpPort: 9123,
      textPort: 9000,
      daytimePort: 9013,
      secondsPort: 9037,
      groups: [],
    }),
    createFiles({ ...at('files'), port: 9000, root }),
    createChat({ ...at('chat'), port: 9000, groups: [] }),
  ]);
}

function contextOf(at: string, hosts: Map<string, LiveHost>, named: Map<string, Conversation>): StepContext {
  return {
    // The programs are on loopback: there is no lab, and no plan of one.
    plan: { lab: 'loopback', networks: [], hosts: [] } as unknown as StepContext['plan'],
    host: hosts.get(at)!,
    hosts,
    named,
    faults: [],
    move: () => Promise.reject(new Error('nobody moves here')),
    keys: [],
    cables: new CableRecord(hosts, []),
    watch: async () => undefined,
    machinesAnswer: async () => {},
    resolve(endpoint, defaultPort) {
      const [who = '', port = String(defaultPort)] = endpoint.split(':');
      return { address: who in HOSTS ? address(who) : who, port: Number(port) };
    },
  };
}

function parse(written: Written, index: number): Step {
  const kind = steps.find(({ word }) => word in written)!;
  const { within, for: held, ...expect } = written.expect ?? {};
  const where = { file: 'test.yaml', line: index, column: 1 };
  return {
    index,
    at: written.at,
    kind: kind.word,
    before: [],
    args: kind.schema.parse(written[kind.word]),
    do: (written.do ?? []).map((entry) => kind.action?.parse(entry)),
    expect: Object.entries(expect).map(([word, value]) => ({
      kind: word,
      value: expectations.find((expectation) => expectation.word === word)!.schema.parse(value),
      where,
    })),
    shows: [],
    where,
    ...(written.name !== undefined && { name: written.name }),
    ...(within !== undefined && { within: Number(within) }),
    ...(held !== undefined && { for: Number(held) }),
  };
}

/** The result in a few words, so that a failing test shows everything. */
export function summary(result: StepResult): string {
  return [
    result.status,
    ...result.checks.map((check) =>
      check.held
        ? check.what
        : `${check.what} | expected ${check.expected} | found ${check.found} | ${check.why}`,
    ),
  ].join('\n');
}
