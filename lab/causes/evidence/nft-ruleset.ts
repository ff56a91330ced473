/** nftables rules as `nft -j` and `nft -a` print them (libnftables-json(5)). Pure. */

export interface Chain {
  family: string;
  table: string;
  name: string;
  /** Of a base chain. */
  hook?: string;
  type?: string;
  priority: number;
  /** Of an ingress hook. */
  device?: string;
  policy: string;
  rules: Rule[];
}

export interface Rule {
  /** As nft prints it, without its handle and without what its counters have counted. */
  text: string;
  statements: Statement[];
}

/** One key, and what belongs to it: `{ match: … }`, `{ drop: null }`. */
export type Statement = Record<string, unknown>;

export type Ruleset = readonly Chain[];

/**
 * The table of the patch is the cable, not the host; those of a router and of a NAT drop nothing, nor does that which
 * keeps a kernel quiet drop what a program sends.
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

/** What a rule is called: the scenario's by its own words, any other as nft prints it and by its chain. */
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
