/** What steps speak of must be there: hosts, addresses, ports, and conversations that earlier steps named. */
import { parseEndpoint, parseTarget, type Target } from './endpoint.ts';
import { noWay } from './gateways.ts';
import { nearest } from './nearest.ts';
import { Wrong } from './reading.ts';
import type { Host } from './types.ts';
import type { Reference } from './vocabulary.ts';
import type { Ways } from './ways.ts';

/** What can be spoken of at one step. */
export interface Scope {
  /** The host at which the step is done, if it is known. */
  at: Host | undefined;
  hosts: ReadonlyMap<string, Host>;
  /** Absent where it is asked at no host. */
  ways?: Ways;
  /** Conversations that earlier steps named at the same host. */
  conversations: Iterable<string>;
}

export interface Dangling {
  message: string;
  mend?: string | undefined;
  allowed?: readonly string[] | undefined;
}

/** Why a reference leads nowhere, or undefined. */
export function dangling(reference: Reference, scope: Scope): Dangling | undefined {
  const { is, value } = reference;
  if (is === 'host') return ofHost(value, scope);
  if (is === 'conversation') return ofConversation(value, scope);
  if (is === 'program') return ofHost(value, scope) ?? ofProgram(value, scope);
  if (is === 'cable') return ofCable(value, scope);
  if (is === 'lease') return ofLease(value, scope);
  const parsed = is === 'endpoint' ? parseEndpoint(value, reference.defaultPort) : parseTarget(value);
  if (parsed instanceof Wrong) return { message: parsed.what, mend: parsed.mend };
  return ofTarget('target' in parsed ? parsed.target : parsed, scope, value);
}

function ofHost(name: string, { hosts }: Scope): Dangling | undefined {
  return hosts.has(name) ? undefined : unknown('host', name, [...hosts.keys()], name);
}

function ofProgram(name: string, { hosts }: Scope): Dangling | undefined {
  if (hosts.get(name)?.program) return undefined;
  const known = [...hosts.values()].filter(({ program }) => program).map((host) => host.name);
  return {
    message: `\`${name}\` has no program`,
    mend: known.length > 0 ? undefined : 'give a host one: `service`, `image` or `command`',
    allowed: known.length > 0 ? known : undefined,
  };
}

function ofCable(written: string, scope: Scope): Dangling | undefined {
  const [name = '', network] = written.split('.');
  const host = scope.hosts.get(name);
  if (!host) return unknown('host', name, [...scope.hosts.keys()], written);
  const theirs = host.networks.map((one) => one.network);
  if (theirs.length === 0) return { message: `\`${name}\` is on no network` };
  return network === undefined || theirs.includes(network)
    ? undefined
    : unknown('network', network, theirs, written);
}

/** No network: any on which the host asks. */
function ofLease(network: string, { at }: Scope): Dangling | undefined {
  if (!at) return undefined;
  const leased = at.networks.flatMap((one) => (one.leased ? [one.network] : []));
  if (leased.length === 0) {
    const mend = 'write no address of it on a network with `dhcp`';
    return { message: `\`${at.name}\` does not get its address by DHCP`, mend };
  }
  if (network === '' || leased.includes(network)) return undefined;
  const meant = nearest(network, leased);
  const mend = meant ? `did you mean \`${meant}\`?` : undefined;
  return { message: `\`${at.name}\` does not ask for its address on \`${network}\``, mend, allowed: leased };
}

/** `written` is the whole text, so that the mend can be typed as it stands. */
function unknown(what: string, name: string, known: readonly string[], written: string): Dangling {
  const meant = nearest(name, known);
  const mend = meant ? `did you mean \`${written.replace(name, meant)}\`?` : undefined;
  return { message: `no ${what} \`${name}\``, mend, allowed: known };
}

function ofConversation(name: string, { at, conversations }: Scope): Dangling | undefined {
  const known = [...conversations];
  if (!at || known.includes(name)) return undefined;
  const found = unknown('conversation', name, known, name);
  return {
    ...found,
    message: `no earlier step at \`${at.name}\` gave the name \`${name}\``,
    mend: found.mend ?? `give it with \`as: ${name}\` in an earlier step at \`${at.name}\``,
  };
}

function ofTarget(target: Target, scope: Scope, written: string): Dangling | undefined {
  if (target.kind === 'address' && target.address === 0) {
    return {
      message: '0.0.0.0 is nobody: it means every address of the host itself',
      mend: 'write an address',
    };
  }
  if (target.kind !== 'host') return undefined;
  const missing = scope.hosts.has(target.host)
    ? undefined
    : unknown('host', target.host, [...scope.hosts.keys(), 'broadcast'], written);
  return missing ?? ofPeer(target.host, target.network, scope, written);
}

function ofPeer(
  host: string,
  network: string | undefined,
  scope: Scope,
  written: string,
): Dangling | undefined {
  const theirs = scope.hosts.get(host)?.networks.map((one) => one.network) ?? [];
  if (network !== undefined && !theirs.includes(network)) {
    return unknown('network', network, theirs, written);
  }
  const { at, hosts, ways } = scope;
  if (!at || !ways || at.name === host || theirs.length === 0 || at.networks.length === 0) return undefined;
  return noWay(at, hosts.get(host)!, network === undefined ? theirs : [network], { ways, hosts });
}
