/** The answers of one host's kernel and program after a failure. Each question is asked once, and only when needed. */
import { patient } from '../../agent/patience.ts';
import type { InterfaceState, NeighbourState, ProcessState, SocketState } from '../../agent/protocol.ts';
import type { LiveHost } from '../../live/host.ts';
import type { Family } from '../../model/address.ts';
import type { PlannedInterface } from '../../model/planned.ts';
import { type Ruleset, readRuleset } from './nft-ruleset.ts';
import { type Route, readRoutes } from './routes.ts';
import { answerTo, Unanswered } from './unanswered.ts';

/** Milliseconds that one question to an agent may take. */
const ANSWERED_WITHIN = 5_000;

/** Each question rejects with Unanswered where there is no answer: then no cause uses it. */
export interface Machine {
  name: string;
  host: LiveHost;
  cards: readonly PlannedInterface[];
  interfaces(): Promise<InterfaceState[]>;
  /** The main table. Undefined where other tables count too, or where a route has several next hops. */
  routes(family: Family): Promise<Route[] | undefined>;
  /** A setting of its kernel, `net.ipv4.ip_forward`. */
  setting(key: string): Promise<string>;
  neighbours(): Promise<NeighbourState[]>;
  sockets(): Promise<SocketState[]>;
  processes(): Promise<ProcessState[]>;
  /** MACs whose frames are dropped on this host's cable. */
  cutOff(): Promise<string[]>;
  /** The rules of nftables, including those that iptables-nft made. */
  rules(): Promise<Ruleset>;
  /** The output of a command that only reads. Rejects where it fails. */
  says(...argv: string[]): Promise<string>;
}

export function machineOf(host: LiveHost): Machine {
  const { agent } = host;
  const says = asked((...argv: string[]) => run(host, argv));
  return {
    name: host.name,
    host,
    cards: host.plan.interfaces,
    interfaces: asked(() => agent.interfaces()),
    // With policy rules beside the kernel's own, other tables than the main one may count.
    routes: asked(async (family) => {
      const ip = `ip -j ${family === 'ipv6' ? '-6' : '-4'}`;
      return readRoutes(await run(host, ['sh', '-c', `${ip} rule show && ${ip} route show`]), family);
    }),
    setting: async (key) => (await says('cat', `/proc/sys/${key.replaceAll('.', '/')}`)).trim(),
    neighbours: asked(() => agent.neighbours()),
    sockets: asked(() => agent.sockets()),
    processes: asked(() => agent.processes()),
    cutOff: asked(() => agent.cutOff()),
    rules: asked(async () =>
      readRuleset(
        await run(host, ['nft', '-j', 'list', 'ruleset']),
        await run(host, ['nft', '-a', 'list', 'ruleset']),
      ),
    ),
    says,
  };
}

async function run({ agent }: LiveHost, argv: string[]): Promise<string> {
  const { exit, stdout, truncated } = await agent.exec({
    argv,
    env: { LC_ALL: 'C' },
    giveUp: patient(ANSWERED_WITHIN),
  });
  if (exit !== 0 || truncated) throw new Unanswered(`${argv.join(' ')}: exit ${exit}`);
  return Buffer.from(stdout).toString();
}

/** Asks the same question only once. */
function asked<Words extends string[], Answer>(
  ask: (...words: Words) => Promise<Answer>,
): (...words: Words) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...words) => {
    const key = JSON.stringify(words);
    const answer = answers.get(key) ?? answerTo(() => ask(...words));
    answers.set(key, answer);
    return answer;
  };
}
