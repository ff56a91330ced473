/** nftables rules as `nft -j` and `nft -a` print them (libnftables-json(5)). Pure. */

export interface Chain {
  family: string;
  table: string;
  name: string;
  /** Present for a base chain. */
  hook?: string;
  type?: string;
  priority: number;
  /** Present for an ingress hook. */
  device?: string;
  policy: string;
  rules: Rule[];
}

export interface Rule {
  /** The rule as nft prints it, without its handle and without the numbers of its counters. */
  text: string;
  statements: Statement[];
}

/** One key with its value: `{ match: … }`, `{ drop: null }`. */
export type Statement = Record<string, unknown>;

export type Ruleset = readonly Chain[];

/**
 * The tables of lanlab, which are left out. The patch's table is the cable, and not the host. The tables of a router and
 * of a NAT drop nothing. The table that keeps a kernel quiet drops no packets of programs.
 */
const OURS = ['lanlab', 'lanlab_router', 'lanlab_nat', 'lanlab_quiet'];

/** The rules that the scenario wrote: each has its author's words as its comment. */
const WRITTEN = 'lanlab_filter';

interface Printed {
  family: string;
  table: string;
  name: string;
  handle: number;
  chain: string;
  hook?: string;
  type?: string;
  prio?: number;
  dev?: string;
  policy?: string;
  expr?: Statement[];
}

export function readRuleset(json: string, text: string): Ruleset {
  const { nftables } = JSON.parse(json) as { nftables: Record<string, Printed>[] };
  const texts = textsByHandle(text);
  const chains = nftables.flatMap(({ chain }) =>
    chain && !OURS.includes(chain.table) ? [chainOf(chain)] : [],
  );
  for (const { rule } of nftables) {
    if (!rule) continue;
    const chain = chains.find((one) => sameTable(one, rule) && one.name === rule.chain);
    const key = `${rule.family} ${rule.table} ${rule.handle}`;
    chain?.rules.push({ statements: rule.expr ?? [], text: texts.get(key) ?? `rule ${rule.handle}` });
  }
  return chains;
}

function chainOf({ family, table, name, hook, type, prio = 0, dev, policy = 'accept' }: Printed): Chain {
  const base = { ...(hook !== undefined && { hook }), ...(type !== undefined && { type }) };
  const device = dev === undefined ? {} : { device: dev };
  return { family, table, name, priority: prio, policy, rules: [], ...base, ...device };
}

export function sameTable(
  one: Pick<Chain, 'family' | 'table'>,
  other: Pick<Chain, 'family' | 'table'>,
): boolean {
  return one.family === other.family && one.table === other.table;
}

/** The name of a rule: for the scenario's rules its words there, for any other its text in nft, and its chain. */
export function nameOfRule({ family, table, name }: Chain, text: string): string {
  const words = table === WRITTEN ? / comment "(.*)"$/.exec(text)?.[1] : undefined;
  return words ?? `${text} in ${family} ${table} ${name}`;
}

/** The lines of rules, by family, table and handle. */
function textsByHandle(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let table = '';
  for (const line of text.split('\n')) {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
    const [, rule, handle] = /^\s+(.*) # handle (\d+)$/.exec(line) ?? [];
    if (rule === undefined || rule.endsWith('{')) continue;
    found.set(`${table} ${handle}`, rule.replaceAll(/counter packets \d+ bytes \d+/g, 'counter'));
  }
  return found;
}
