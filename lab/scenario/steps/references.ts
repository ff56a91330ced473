/** Checks that the things that steps speak of are there: hosts, addresses, ports, and conversations that earlier steps named. */

import { type Family, familyOf, isPointToPoint, printFamily } from '../../model/address.ts';
import { parseEndpoint, parseTarget, type Target } from '../../model/endpoint.ts';
import { familiesAt } from '../../model/families.ts';
import { Wrong } from '../../model/reading.ts';
import type { Host } from '../../model/types.ts';
import { isAnybody } from '../../wire/lines/other-tools.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import { type Around, lacks, noWay } from '../topology/no-way.ts';
import type { Reference } from '../vocabulary.ts';

/** The things that one step can speak of. */
export interface Scope {
  /** The host at which the step is done, if it is known. */
  at: Host | undefined;
  hosts: ReadonlyMap<string, Host>;
  /** Absent where the reference is not made from one host. */
  around?: Around;
  /** Conversations that earlier steps named at the same host. */
  conversations: Iterable<string>;
}

/** Why a reference leads nowhere, or undefined. */
export function dangling(reference: Reference, scope: Scope): Dangling | undefined {
  const { is, value } = reference;
  // Where there is no host at all, that is reported already.
  if (scope.hosts.size === 0) return undefined;
  if (is === 'host') return ofHost(value, scope);
  if (is === 'network') return ofNetwork(value, scope);
  if (is === 'conversation') return ofConversation(value, scope);
  if (is === 'program') return ofHost(value, scope) ?? ofProgram(value, scope);
  if (is === 'cable') return ofCable(value, scope);
  if (is === 'lease') return ofLease(value, scope);
  const parsed = is === 'endpoint' ? parseEndpoint(value, reference.defaultPort) : parseTarget(value);
  if (parsed instanceof Wrong) return { message: parsed.what, hint: parsed.hint };
  return ofTarget('target' in parsed ? parsed.target : parsed, scope, reference);
}

function ofHost(name: string, { hosts }: Scope): Dangling | undefined {
  if (hosts.has(name)) return undefined;
  const found = unknown('host', name, [...hosts.keys()], name);
  const [host = ''] = name.split('.');
  return hosts.has(host) ? { ...found, hint: `write ${host}: here the whole host is meant` } : found;
}

function ofNetwork(name: string, { around }: Scope): Dangling | undefined {
  const known = around?.known.map((one) => one.name) ?? [];
  return known.length === 0 || known.includes(name) ? undefined : unknown('network', name, known, name);
}

function ofProgram(name: string, { hosts }: Scope): Dangling | undefined {
  if (hosts.get(name)?.program) return undefined;
  const known = [...hosts.values()].filter(({ program }) => program).map((host) => host.name);
  return {
    message: `\`${name}\` has no program`,
    hint: known.length > 0 ? undefined : 'give a host one: `service`, `image` or `command`',
    allowed: known.length > 0 ? known : undefined,
  };
}

function ofCable(written: string, scope: Scope): Dangling | undefined {
  const [name = '', network] = written.split('.');
  const host = scope.hosts.get(name);
  if (!host) {
    const found = unknown('host', name, [...scope.hosts.keys()], written);
    return isAnybody(name) ? { ...found, hint: 'for anybody write *' } : found;
  }
  const theirs = host.networks.map((one) => one.network);
  if (theirs.length === 0) return { message: `\`${name}\` is on no network` };
  return network === undefined || theirs.includes(network)
    ? undefined
    : unknown('network', network, theirs, written);
}

/** An empty `network` is any on which the host asks for its address. */
function ofLease(network: string, { at }: Scope): Dangling | undefined {
  if (!at) return undefined;
  const leased = at.networks.flatMap((one) => (one.leased ? [one.network] : []));
  if (leased.length === 0) {
    const hint = 'write no address of it on a network with `dhcp`';
    return { message: `\`${at.name}\` does not get its address by DHCP`, hint };
  }
  if (network === '' || leased.includes(network)) return undefined;
  const meant = nearest(network, leased);
  const hint = meant ? `did you mean \`${meant}\`?` : undefined;
  return { message: `\`${at.name}\` does not ask for its address on \`${network}\``, hint, allowed: leased };
}

/** `written` is the whole text, so that the hint can be typed as it stands. */
function unknown(what: string, name: string, known: readonly string[], written: string): Dangling {
  const meant = nearest(name, known);
  const hint = meant ? `did you mean \`${written.replace(name, meant)}\`?` : undefined;
  return { message: `no ${what} \`${name}\``, hint, allowed: known };
}

function ofConversation(name: string, { at, conversations }: Scope): Dangling | undefined {
  const known = [...conversations];
  if (!at || known.includes(name)) return undefined;
  const found = unknown('conversation', name, known, name);
  return {
    ...found,
    message: `no earlier step at \`${at.name}\` gave the name \`${name}\``,
    hint: found.hint ?? `give it with \`as: ${name}\` in an earlier step at \`${at.name}\``,
  };
}

function ofTarget(target: Target, scope: Scope, { value, family, single }: Reference): Dangling | undefined {
  if (target.kind === 'address') return ofAddress(target.address, family);
  if (target.kind === 'broadcast' && single !== undefined) return toEverybody(single);
  if (target.kind === 'broadcast') return ofBroadcast(scope, family);
  if (target.host === '*')
    return { message: 'no host `*`', hint: 'for every address of the host write the port alone: tcp: 80' };
  const missing = scope.hosts.has(target.host)
    ? undefined
    : unknown('host', target.host, [...scope.hosts.keys(), 'broadcast'], value);
  return missing ?? ofPeer(target.host, target.network, scope, value, family);
}

function ofAddress(address: string, family: Family | undefined): Dangling | undefined {
  if (address === '0.0.0.0' || address === '::') {
    const message = `${address} is not one host: it means every address of a host`;
    return { message, hint: 'write an address; a listener on all of them has the port alone: tcp: 80' };
  }
  const own = familyOf(address);
  if (family === undefined || own === family) return undefined;
  return {
    message: `${address} is an address of ${printFamily(own)}`,
    hint: `write \`family: ${own}\`, or leave it out`,
  };
}

function toEverybody(why: string): Dangling {
  return {
    message: `\`broadcast\` means every host: ${why}`,
    hint: ({ other }) =>
      `write a host: to: ${other}; all at once are reached with udp: { to: "broadcast:9000", send: hello }`,
  };
}

/** RFC 4291 section 2: IPv6 has no broadcast. */
function ofBroadcast({ at, around }: Scope, family: Family | undefined): Dangling | undefined {
  const pairs = at && around && onlyPairs(at, around);
  if (pairs && family !== 'ipv6')
    return {
      message: `a /31 has no broadcast (RFC 3021), and \`${at.name}\` is on no other network of IPv4`,
      hint: 'write the host at its other end',
    };
  const none = at && around && at.networks.length > 0 && !familiesAt(at, around.families).includes('ipv4');
  if (family !== 'ipv6' && !none) return undefined;
  return {
    message: 'IPv6 has no broadcast',
    hint: 'send to a group that the others join: "[ff02::4242]:9000"',
  };
}

/** The host has IPv4, and none of its networks has a broadcast address. */
function onlyPairs({ networks }: Host, { families }: Around): boolean {
  const four = networks.flatMap(({ network }) =>
    (families.get(network) ?? []).filter(({ family }) => family === 'ipv4'),
  );
  return four.length > 0 && four.every(({ subnet }) => subnet && isPointToPoint(subnet));
}

function ofPeer(
  host: string,
  network: string | undefined,
  scope: Scope,
  written: string,
  family: Family | undefined,
): Dangling | undefined {
  const theirs = scope.hosts.get(host)?.networks.map((one) => one.network) ?? [];
  if (network !== undefined && !theirs.includes(network)) {
    return unknown('network', network, theirs, written);
  }
  const { at, around } = scope;
  if (!at || !around || theirs.length === 0 || at.networks.length === 0) return undefined;
  if (at.name === host)
    return family && !familiesAt(at, around.families).includes(family) ? lacks(family, at) : undefined;
  return noWay(at, scope.hosts.get(host)!, network === undefined ? theirs : [network], around, family);
}
