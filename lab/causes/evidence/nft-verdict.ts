/** The verdict of a host's own nftables rules on a packet. Pure. */
import { familyOf } from '../../model/address.ts';
import { isAbout, isTarget, type Packet } from './nft-match.ts';
import { type Chain, nameOfRule, type Ruleset, type Statement, sameTable } from './nft-ruleset.ts';

export interface Refusal {
  verdict: 'drop' | 'reject';
  /** `tcp dport 9000 drop in inet filter input`, `policy of inet filter input`, `deny tcp * > web:22` */
  shown: string;
  /** The verdict is about fragments alone: a datagram in one packet passes. */
  fragments?: true;
}

/** The hooks that a packet passes, in order. */
export const PASSES = {
  out: ['output', 'postrouting', 'egress'],
  in: ['ingress', 'prerouting', 'input'],
  through: ['ingress', 'prerouting', 'forward', 'postrouting', 'egress'],
} as const;

/** `passes`, or `unclear` where a rule cannot be judged from here. */
export function refusalOf(
  rules: Ruleset,
  packet: Packet,
  pass: keyof typeof PASSES,
): Refusal | 'passes' | 'unclear' {
  for (const hook of PASSES[pass]) {
    const chains = rules.filter((chain) => chain.hook === hook && concerns(chain, packet));
    for (const chain of chains.toSorted((a, b) => a.priority - b.priority)) {
      const found = walk(chain, rules, packet);
      const verdict = found === 'return' || found === undefined ? byPolicy(chain) : found;
      if (verdict !== 'accept') return verdict;
    }
  }
  return 'passes';
}

const FAMILIES = { ipv4: ['ip', 'inet', 'netdev'], ipv6: ['ip6', 'inet', 'netdev'] };

function concerns({ family, device, hook }: Chain, packet: Packet): boolean {
  if (!FAMILIES[familyOf(packet.source)].includes(family)) return false;
  return device === undefined || device === (hook === 'egress' ? packet.out : packet.in);
}

function byPolicy(chain: Chain): Refusal | 'accept' {
  if (chain.policy !== 'drop') return 'accept';
  return { verdict: 'drop', shown: `policy drop of ${nameOf(chain)}` };
}

function nameOf({ family, table, name }: Chain): string {
  return `${family} ${table} ${name}`;
}

type Outcome = Refusal | 'accept' | 'return' | 'unclear' | undefined;

/** Undefined where the end of the chain is reached. */
function walk(chain: Chain, rules: Ruleset, packet: Packet, depth = 0): Outcome {
  // Only chains that call each other in a circle go so deep, and no kernel accepts them.
  if (depth > 16) return 'unclear';
  for (const { statements, text } of chain.rules) {
    const about = isAbout(statements, packet);
    if (about === false) continue;
    const end = statements.find((statement) => !isPlain(statement));
    if (!end) continue;
    if (about === undefined) return 'unclear';
    const found = verdictOf(end, chain, rules, packet, depth, text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a statement decides nothing, but only looks or counts. */
function isPlain(statement: Statement): boolean {
  const [word = ''] = Object.keys(statement);
  return ['match', 'counter', 'log', 'set', 'map'].includes(word);
}

function verdictOf(
  end: Statement,
  chain: Chain,
  rules: Ruleset,
  packet: Packet,
  depth: number,
  text: string,
): Outcome {
  const shown = nameOfRule(chain, text);
  if ('accept' in end) return 'accept';
  if ('return' in end) return 'return';
  if ('drop' in end) return { verdict: 'drop', shown };
  if ('reject' in end || isTarget(end, 'REJECT')) return { verdict: 'reject', shown };
  const { target } = (end.jump ?? end.goto ?? {}) as { target?: string };
  const next = rules.find((one) => sameTable(one, chain) && one.name === target);
  if (!next) return 'unclear';
  const found = walk(next, rules, packet, depth + 1);
  if ('goto' in end) return found ?? 'return';
  return found === 'return' ? undefined : found;
}
