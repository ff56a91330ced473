/** Routers and the ways by them: every `gateway` leads somewhere, and no two ways are equally good. */
import type { Node } from 'yaml';
import { FAMILIES } from '../../model/address.ts';
import { type Families, findAllWays, type WaysByFamily } from '../../model/families.ts';
import type { Host } from '../../model/types.ts';
import type { Tie } from '../../model/ways.ts';
import type { ReadHost } from '../hosts/read-host.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { wrongNextHop } from './next-hop.ts';
import { checkRoutes } from './routes.ts';

/** The ways through the lab; problems with them are noted on the page. */
export function checkWays(
  page: Page,
  hosts: ReadonlyMap<string, ReadHost>,
  networks: ReadonlyMap<string, ReadNetwork>,
  families: Families,
): WaysByFamily {
  const all = new Map([...hosts].map(([name, { host }]) => [name, host]));
  for (const { host, gateways } of hosts.values()) {
    for (const { at, text } of gateways) {
      const found = wrongNextHop(text, host, all, networks, ', or write `none`');
      if (found) refuse(page, at, found.message, found);
    }
  }
  for (const read of hosts.values()) checkRoutes(page, read, all, networks);
  const ways = findAllWays([...all.values()], families);
  const told = new Set<string>();
  for (const tie of FAMILIES.flatMap((family) => ways[family].ties)) {
    // Both families may have the same tie.
    const key = JSON.stringify(tie);
    if (!told.has(key)) refuseTie(page, hosts.get(tie.host)!.at, tie, all);
    told.add(key);
  }
  return ways;
}

function refuseTie(page: Page, at: Node, { host, to, routers }: Tie, hosts: ReadonlyMap<string, Host>): void {
  const ways = routers.map(({ router, on }) => `by \`${router}\` (${on})`).join(', ');
  const names = routers.map(({ router }) => router);
  const several = hosts.get(host)?.forward ? `, or in order of preference [${names.join(', ')}]` : '';
  refuse(page, at, `\`${host}\` has several ways to ${to.join(', ')}, equally short: ${ways}`, {
    hint: `say which is taken: \`gateway: ${names[0]}\`${several}`,
  });
}
