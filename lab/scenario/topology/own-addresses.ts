/** Checks the addresses that a scenario gives to hosts: inside their networks, nobody else's, and room for the other hosts. */
import type { Node } from 'yaml';
import {
  type Address,
  contains,
  engineAddress,
  hostRange,
  isPointToPoint,
  printAddress,
  printFamily,
  printSubnet,
  room,
  type Subnet,
} from '../../model/address.ts';
import type { Attachment } from '../hosts/attachment.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';

/** The ports of a Linux bridge (BR_MAX_PORTS, less the one that is never given out). */
const MOST_ON_ONE_NETWORK = 1_023n;

export function checkAddresses(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: Iterable<{ host: { name: string }; attachments: readonly Attachment[] }>,
): void {
  const owners = new Map<string, string>();
  const members = new Map<string, bigint>();
  for (const { host, attachments } of hosts) {
    for (const attachment of attachments) {
      const network = networks.get(attachment.network);
      if (!network) continue;
      const count = (members.get(network.name) ?? 0n) + 1n;
      members.set(network.name, count);
      if (count === MOST_ON_ONE_NETWORK + 1n) refusePorts(page, attachment.at, network.name);
      for (const subnet of network.subnets)
        if (count === room(subnet) + 1n) refuseCrowd(page, attachment.at, network.name, subnet);
      checkAttachment(page, attachment, network);
      for (const { address, at } of attachment.addresses) {
        const text = printAddress(address);
        const owner = owners.get(text);
        if (owner) refuse(page, at, `\`${owner}\` has ${text} already`);
        owners.set(text, host.name);
      }
    }
  }
}

function refusePorts(page: Page, at: Node, network: string): void {
  refuse(page, at, `\`${network}\` has more than ${MOST_ON_ONE_NETWORK} hosts`, {
    hint: 'a Linux bridge has no more ports: divide them among networks that a router joins (`forward: true`)',
  });
}

function checkAttachment(page: Page, { addresses }: Attachment, { name, auto, subnets }: ReadNetwork): void {
  if (auto) {
    for (const { at } of addresses) refuseChosen(page, at, name);
    return;
  }
  if (subnets.length === 0) return;
  for (const [index, { address, at }] of addresses.entries()) {
    const { family } = address;
    const first = addresses.findIndex((one) => one.address.family === family);
    if (first < index) {
      const hint = 'write one of each family at most';
      refuse(page, at, `the host has an ${printFamily(family)} address on \`${name}\` already`, { hint });
      continue;
    }
    const wrong = wrongAddress(address, name, subnets);
    if (wrong) refuse(page, at, wrong.message, wrong);
  }
}

function refuseChosen(page: Page, at: Node, network: string): void {
  refuse(page, at, `\`${network}\` is \`auto\`: its addresses are handed out`, {
    hint: `write the name alone, or give \`${network}\` a subnet`,
  });
}

function refuseCrowd(page: Page, at: Node, network: string, subnet: Subnet): void {
  const has = room(subnet);
  const kept = engineAddress(subnet) ? '; one address is kept for the engine' : '';
  refuse(
    page,
    at,
    `\`${network}\` (${printSubnet(subnet)}) has room for ${has} host${has === 1n ? '' : 's'}`,
    { hint: `write a shorter prefix${kept}` },
  );
}

/** The reason why a host of a network cannot have an address; undefined where it can. The network has a subnet. */
export function wrongAddress(
  address: Address,
  network: string,
  subnets: readonly Subnet[],
): { message: string; hint: string } | undefined {
  const text = printAddress(address);
  const subnet = subnets.find(({ family }) => family === address.family);
  if (!subnet) {
    const [other] = subnets;
    const none = `\`${network}\` (${printSubnet(other!)}) has no ${printFamily(address.family)}`;
    return { message: `${text} is outside: ${none}`, hint: `give it a subnet, or ${rangeOf(other!)}` };
  }
  const hint = rangeOf(subnet);
  const taken = takenFor(address, subnet);
  if (!contains(subnet, address))
    return { message: `${text} is outside \`${network}\` (${printSubnet(subnet)})`, hint };
  return taken === undefined ? undefined : { message: `${text} is ${taken}`, hint };
}

function takenFor({ family, number }: Address, subnet: Subnet): string | undefined {
  if (isPointToPoint(subnet)) return undefined;
  if (number === subnet.first)
    return family === 'ipv4' ? "the network's own address" : 'the address of the nearest router (RFC 4291)';
  if (family === 'ipv6') return undefined;
  if (number === subnet.last) return "the network's broadcast address";
  const engines = number === engineAddress(subnet)?.number;
  return engines ? 'kept for the engine (the highest of the network)' : undefined;
}

function rangeOf(subnet: Subnet): string {
  const { lowest, highest } = hostRange(subnet);
  return `write ${printAddress(lowest)} to ${printAddress(highest)}`;
}
