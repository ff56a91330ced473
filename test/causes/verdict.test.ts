/** What a host's own rules do with a packet, from what nft 1.0.6 printed of them. */
import { describe, expect, test } from 'vitest';
import type { Packet } from '../../lab/causes/evidence/nft-match.ts';
import { readRuleset, type Statement } from '../../lab/causes/evidence/nft-ruleset.ts';
import { refusalOf } from '../../lab/causes/evidence/nft-verdict.ts';

const packet: Packet = {
  protocol: 'tcp',
  source: '10.50.1.21',
  destination: '10.50.1.10',
  destinationPort: 9000,
  state: 'new',
  in: 'eth0',
};

const match = (left: unknown, right: unknown, op = '=='): Statement => ({ match: { op, left, right } });
const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });
const dport = (right: unknown, op?: string) => match(field('tcp', 'dport'), right, op);
const drop: Statement = { drop: null };
const accept: Statement = { accept: null };

/** A ruleset with one base chain of these rules, and others by their names. */
function rules(
  input: Statement[][],
  more: Record<string, Statement[][]> = {},
  policy = 'accept',
  type = 'filter',
) {
  const place = { family: 'inet', table: 'user' };
  const base = { ...place, name: 'input', handle: 1, type, hook: 'input', prio: 0, policy };
  const chains = [base, ...Object.keys(more).map((name) => ({ ...place, name, handle: 1 }))];
  let handle = 1;
  const ruleOf = (chain: string) => (expr: Statement[]) => {
    handle += 1;
    return { rule: { ...place, chain, handle, expr } };
  };
  const all = Object.entries({ input, ...more }).flatMap(([chain, list]) => list.map(ruleOf(chain)));
  const text = `table inet user { # handle 1\n\tchain input { # handle 1\n\t\ttcp dport 9000 counter packets 3 bytes 9 drop # handle 2\n`;
  return readRuleset(JSON.stringify({ nftables: [...chains.map((chain) => ({ chain })), ...all] }), text);
}

const judged = (...of: Parameters<typeof refusalOf>) => {
  const found = refusalOf(...of);
  return typeof found === 'string' ? { verdict: found, shown: undefined } : found;
};
const verdict = (...of: Parameters<typeof rules>) => judged(rules(...of), packet, 'in').verdict;

describe('a packet', () => {
  test('is dropped by a rule about it, shown as nft prints it without what was counted', () => {
    const found = refusalOf(rules([[dport(9000), { counter: {} }, drop]]), packet, 'in');
    expect(found).toEqual({ verdict: 'drop', shown: 'tcp dport 9000 counter drop in inet user input' });
  });

  test.each([
    ['its port', dport(9000)],
    ['a set with its port', dport({ set: [7, 9000] })],
    ['a range with its port', dport({ range: [8999, 9001] })],
    ['another port, negated', dport(7, '!=')],
    ['its prefix', match(field('ip', 'saddr'), { prefix: { addr: '10.50.0.0', len: 16 } })],
    ['its protocol', match({ meta: { key: 'l4proto' } }, 6)],
    ['its card', match({ meta: { key: 'iifname' } }, 'eth*')],
    ['its state', match({ ct: { key: 'state' } }, ['new', 'related'], 'in')],
  ])('is dropped by a rule about %s', (_, about) => {
    expect(verdict([[about, drop]])).toBe('drop');
  });

  test.each([
    ['another port', dport(9001)],
    ['a range without its port', dport({ range: [1, 8999] })],
    ['its port, negated', dport(9000, '!=')],
    ['another protocol', match(field('udp', 'dport'), 9000)],
    ['another prefix', match(field('ip', 'saddr'), { prefix: { addr: '10.51.0.0', len: 16 } })],
    ['IPv6', match(field('ip6', 'saddr'), 'fd00::1')],
    ['another card', match({ meta: { key: 'iifname' } }, 'eth1')],
    ['what is established', match({ ct: { key: 'state' } }, 'established', 'in')],
  ])('is not dropped by a rule about %s', (_, about) => {
    expect(verdict([[about, drop]])).toBe('passes');
  });

  test.each<[string, Statement]>([
    ['a set by its name', dport('@ports')],
    ['a rate', { limit: { rate: 1, per: 'hour' } }],
    ['a match of iptables that nft has no words for', { xt: { type: 'match', name: 'recent' } }],
    ['its length', match({ meta: { key: 'length' } }, 40)],
    ['its source port, which is not known', match(field('tcp', 'sport'), 40000)],
  ])('cannot be judged by %s', (_, about) => {
    expect(verdict([[about, drop]])).toBe('unclear');
  });

  test('is let in by a rule before, and rejected by a target of iptables', () => {
    expect(verdict([[dport(9000), accept], [drop]])).toBe('passes');
    expect(verdict([[dport(9000), { xt: { type: 'target', name: 'REJECT' } }]])).toBe('reject');
  });

  test('follows jumps, and comes back from chains that do not decide', () => {
    const jump: Statement = { jump: { target: 'more' } };
    expect(verdict([[jump]], { more: [[drop]] })).toBe('drop');
    expect(verdict([[jump], [drop]], { more: [[dport(9000), { return: null }], [accept]] })).toBe('drop');
    expect(verdict([[jump]], { more: [[accept]] }, 'drop')).toBe('passes');
    expect(verdict([[{ goto: { target: 'more' } }], [drop]], { more: [] })).toBe('passes');
  });

  test('that no rule is about is what the policy says', () => {
    expect(verdict([], {}, 'drop')).toBe('drop');
    expect(judged(rules([], {}, 'drop'), packet, 'in').shown).toBe('policy drop of inet user input');
    expect(refusalOf(rules([], {}, 'drop'), packet, 'out')).toBe('passes');
  });

  test('whose addresses are translated is not judged', () => {
    expect(verdict([[dport(9000), { dnat: { port: 9001 } }]], {}, 'accept', 'nat')).toBe('unclear');
  });
});

describe('the scenario’s own rules', () => {
  const says = 'deny tcp * > web:22';
  const chain = { family: 'inet', table: 'lanlab_filter', name: 'said', handle: 1 };
  const base = { ...chain, type: 'filter', hook: 'input', prio: 0, policy: 'accept' };
  const text = `table inet lanlab_filter { # handle 1\n\tchain said { # handle 1\n\t\tdrop comment "${says}" # handle 2\n`;
  const status = match({ ct: { key: 'status' } }, 'dnat', 'in');
  const written = (...exprs: Statement[][]) => {
    const list = exprs.map((expr, index) => ({ rule: { ...chain, chain: 'said', handle: 2 - index, expr } }));
    return readRuleset(JSON.stringify({ nftables: [{ chain: base }, ...list.toReversed()] }), text);
  };

  test('are called by their author’s words', () => {
    expect(refusalOf(written([drop]), packet, 'in')).toEqual({ verdict: 'drop', shown: says });
  });

  test('let in what a NAT led inside, and where that is not known nothing is said', () => {
    const ruleset = written([drop], [status, accept]);
    expect(refusalOf(ruleset, { ...packet, forwarded: true }, 'in')).toBe('passes');
    expect(judged(ruleset, { ...packet, forwarded: false }, 'in').shown).toBe(says);
    expect(refusalOf(ruleset, packet, 'in')).toBe('unclear');
  });

  test('of a NAT’s table are none: it drops nothing', () => {
    const nat = { ...base, table: 'lanlab_nat', policy: 'drop' };
    expect(readRuleset(JSON.stringify({ nftables: [{ chain: nat }] }), '')).toEqual([]);
  });
});
