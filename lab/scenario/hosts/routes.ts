/** `routes:` of a host as they are written: each a subnet, or `default`, and the next hop that leads there. */
import { z } from 'zod';
import { canonical, printSubnet, subnetFrom } from '../../model/address.ts';
import { NONE } from '../../model/endpoint.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import type { Host } from '../../model/types.ts';
import { parseSubnet } from '../networks/subnets.ts';
import { type Entry, entriesOf, plain } from '../text/tree.ts';
import { NAME } from '../values/values.ts';
import type { ReadRoute } from './read-host.ts';

/** The route for all packets without another route. `gateway` says the same. */
export const DEFAULT = 'default';

const PREFIXES = { ipv4: [1, 32], ipv6: [1, 128] } as const;

const destination = reading(
  (input) => {
    const text = String(input);
    const [first = '', prefix, more] = text.split('/');
    if (text === DEFAULT) return text;
    if (prefix === '0' && canonical(first) !== undefined)
      return new Wrong(`${show(text)} is every address of its family`, `write ${DEFAULT}`);
    const address = canonical(first);
    if (address !== undefined && prefix === undefined && more === undefined) {
      const whole = address.includes(':') ? `"${address}/128"` : `${address}/32`;
      return new Wrong(`${show(text)} has no prefix`, `for this one address write ${whole}`);
    }
    const subnet = parseSubnet(text, PREFIXES);
    if (!(subnet instanceof Wrong)) return printSubnet(subnet);
    if (address !== undefined) return subnet;
    const what = `${show(text)} is nothing that a route can lead to`;
    return new Wrong(what, `write a subnet, such as 10.9.0.0/16 or "fd00:9::/32", or ${DEFAULT}`);
  },
  { type: 'string', pattern: `/|^${DEFAULT}$` },
);

const nextHop = reading(
  (input) => {
    const text = typeof input === 'string' ? input : '';
    const address = canonical(text);
    if (address !== undefined || (NAME.test(text) && text !== NONE)) return address ?? text;
    const what = `${show(input)} is not a next hop`;
    return new Wrong(what, "write a router on one of the host's networks, or an address there");
  },
  { type: 'string' },
);

export const routesSchema = z
  .record(destination, nextHop)
  .describe(
    'Static routes: subnets, each with the next hop that leads there, a router or an address. They go before the routes that lanlab works out, and the longest prefix counts. `default` is another way to write `gateway`.',
  );

/** The routes in the order written, without those that could not be read. */
export function placeRoutes(entry: Entry | undefined): ReadRoute[] {
  return entriesOf(entry?.value ?? null).flatMap(({ key, at, value }): ReadRoute[] => {
    const to = destination.safeParse(key).data;
    const via = nextHop.safeParse(plain(value)).data;
    return to === undefined || via === undefined ? [] : [{ to, via, at, viaAt: value ?? at }];
  });
}

/** The routes of a host, the longest prefix first. The one to `default` is its gateway. */
export function routesOf(read: readonly ReadRoute[]): Pick<Host, 'routes' | 'gateway'> {
  const routes = read
    .filter(({ to }) => to !== DEFAULT)
    .map(({ to, via }) => ({ to, via }))
    .toSorted((one, other) => subnetFrom(other.to).prefix - subnetFrom(one.to).prefix);
  const fallback = read.find(({ to }) => to === DEFAULT);
  return { ...(routes.length > 0 && { routes }), ...(fallback && { gateway: [fallback.via] }) };
}
