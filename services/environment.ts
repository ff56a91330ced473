/** Environment variables → checked values. A wrong one is a {@link StartError}: what it is, what is allowed, the hint. */
import { isIP, isIPv6 } from 'node:net';
import type { EventLevel } from './events.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A mistake that the user must fix before the program can start. The message is one line, and the user sees only that. */
export class StartError extends Error {
  override name = 'StartError';
}

/** Every address of the host, of both families. */
export const EVERY_ADDRESS: readonly string[] = ['::'];
/** All hosts of a link, IPv4 and IPv6 (RFC 1112, RFC 4291): heard without an IGMP or MLD report on the wire. */
export const ALL_HOSTS: readonly string[] = ['224.0.0.1', 'ff02::1'];

export interface Range {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** Fractions allowed; whole numbers otherwise. */
  readonly fraction?: boolean;
  readonly unit?: string;
}

export function numberFrom(env: Environment, name: string, range: Range): number {
  const given = env[name]?.trim();
  if (given === undefined || given === '') return range.fallback;
  const value = Number(given);
  const whole = range.fraction === true || Number.isInteger(value);
  const plain = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(given);
  if (plain && whole && value >= range.min && value <= range.max) return value;
  const kind = range.fraction === true ? 'a number' : 'a whole number';
  const unit = range.unit === undefined ? '' : ` of ${range.unit}`;
  throw wrong(name, given, `${kind}${unit} from ${range.min} to ${range.max}`, String(range.fallback));
}

/** 0 means any free port: the `ready` line says which. */
export function portFrom(env: Environment, name: string, fallback: number): number {
  return numberFrom(env, name, { fallback, min: 0, max: 65_535 });
}

export function hostsFrom(env: Environment): readonly string[] {
  const allowed =
    'one or more literal addresses of this host, separated by commas, or :: or 0.0.0.0 for every';
  return listFrom(env, 'HOST', EVERY_ADDRESS, allowed, (host) => isIP(host) !== 0);
}

export function groupsFrom(env: Environment): readonly string[] {
  const allowed = 'multicast addresses (224.0.0.0/4, ff00::/8), separated by commas';
  return listFrom(env, 'GROUP', ALL_HOSTS, allowed, isGroup);
}

export function eventLevelFrom(env: Environment): EventLevel {
  return choiceFrom(env, 'EVENTS', ['messages', 'connections', 'off'] as const);
}

/** One of `allowed`; the first is the default. */
export function choiceFrom<T extends string>(
  env: Environment,
  name: string,
  allowed: readonly [T, ...T[]],
): T {
  const given = env[name]?.trim();
  if (given === undefined || given === '') return allowed[0];
  const found = allowed.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw wrong(name, given, `one of ${allowed.join(', ')}`, allowed[0]);
}

export function wrong(name: string, given: string, allowed: string, fallback: string): StartError {
  return new StartError(
    `${name} is ${JSON.stringify(given)}; allowed: ${allowed}. Set it so, or leave it out for ${fallback}.`,
  );
}

function listFrom(
  env: Environment,
  name: string,
  fallback: readonly string[],
  allowed: string,
  fits: (item: string) => boolean,
): readonly string[] {
  const given = env[name]?.trim();
  if (given === undefined || given === '') return fallback;
  const items = given.split(',').map((item) => item.trim());
  if (items.every(fits)) return items;
  throw wrong(name, given, allowed, fallback.join(','));
}

function isGroup(address: string): boolean {
  if (isIPv6(address)) return /^ff/i.test(address);
  const first = Number(address.split('.')[0]);
  return isIP(address) === 4 && first >= 224 && first <= 239;
}
