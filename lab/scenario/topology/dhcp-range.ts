/** The range of a DHCP server: inside its network, and long enough for every host that asks. */
import { contains, hostRange, parseAddress, printAddress, printSubnet } from '../../model/address.ts';
import type { ReadHost } from '../hosts/read-host.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { placeOf } from '../text/tree.ts';

/** Hosts that ask are marked before. */
export function checkRange(
  page: Page,
  { name, subnets, servers }: ReadNetwork,
  hosts: ReadonlyMap<string, ReadHost>,
): void {
  const dhcp = servers.find((one) => one.dhcp)?.dhcp;
  const range = dhcp?.terms.range;
  const subnet = subnets.find(({ family }) => family === 'ipv4');
  if (!dhcp || !range || !subnet) return;
  const [from, to] = [parseAddress(range.from)!, parseAddress(range.to)!];
  const { lowest, highest } = hostRange(subnet);
  const outside = [from, to].find(
    (one) => !contains(subnet, one) || one.number < lowest.number || one.number > highest.number,
  );
  if (outside) {
    const message = `${printAddress(outside)} is not an address of a host on \`${name}\` (${printSubnet(subnet)})`;
    const hint = `write ${printAddress(lowest)} to ${printAddress(highest)}`;
    refuse(page, placeOf(dhcp.value, ['range'], dhcp.key), message, { hint });
    return;
  }
  checkRoom(page, { name, ...range }, hosts);
}

interface Named {
  name: string;
  from: string;
  to: string;
}

/** Those that hosts have written are nobody else's. */
function checkRoom(page: Page, { name, from, to }: Named, hosts: ReadonlyMap<string, ReadHost>): void {
  const [first, last] = [parseAddress(from)!.number, parseAddress(to)!.number];
  const there = [...hosts.values()].flatMap((read) =>
    read.attachments.filter(({ network }) => network === name).map((one) => ({ read, one })),
  );
  const written = there.flatMap(({ one }) => one.addresses.map(({ address }) => address.number));
  const taken = new Set(written.filter((number) => number >= first && number <= last));
  const free = last - first + 1n - BigInt(taken.size);
  const asking = there.filter(({ one, read }) => {
    const leased = read.host.networks.find(({ network }) => network === name)?.leased;
    return leased && !one.addresses.some(({ address }) => address.family === 'ipv4');
  });
  const [unserved] = asking.slice(Number(free));
  if (!unserved) return;
  const others = asking.slice(0, Number(free)).map(({ read }) => read.host.name);
  const has = others.length === 0 ? 'none that is free' : `${free} for ${list(others)}`;
  const message = `\`${unserved.read.host.name}\` gets no address on \`${name}\`: ${from}-${to} has ${has}`;
  refuse(page, unserved.one.at, message, { hint: 'write a longer `range`, or an address here' });
}

/** `alice and bob`; of many the first few. */
function list(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.join(' and ');
}
