/** The time program's own environment variables. */
import { isIPv4 } from 'node:net';
import { type Environment, numberFrom, wrong } from '../environment.ts';
import { NTP_DEFAULTS, type NtpSettings } from './ntp.ts';
import { NTP_RATE } from './rates.ts';

/** Three centuries in both directions: dates and NTP's eras can still hold that. */
const OFFSET_LIMIT = 10_000_000_000;

/** Seconds, fractions allowed. */
export function offsetFrom(env: Environment): number {
  const range = { fallback: 0, min: -OFFSET_LIMIT, max: OFFSET_LIMIT, fraction: true, unit: 'seconds' };
  return numberFrom(env, 'OFFSET', range);
}

export function ntpSettingsFrom(env: Environment): NtpSettings {
  const seconds = { min: 0, max: 65_535, fraction: true, unit: 'seconds' };
  const { stratum, precision, rootDelay, rootDispersion } = NTP_DEFAULTS;
  return {
    stratum: numberFrom(env, 'STRATUM', { fallback: stratum, min: 0, max: 16 }),
    precision: numberFrom(env, 'PRECISION', { fallback: precision, min: -64, max: 63, unit: 'log2 seconds' }),
    rootDelay: numberFrom(env, 'ROOT_DELAY', { ...seconds, fallback: rootDelay }),
    rootDispersion: numberFrom(env, 'ROOT_DISPERSION', { ...seconds, fallback: rootDispersion }),
    referenceId: referenceIdFrom(env),
  };
}

/** Requests a second from one address; 0 is no limit. */
export function ntpRateFrom(env: Environment): number {
  return numberFrom(env, 'NTP_RATE', { fallback: NTP_RATE, min: 0, max: 1e6, unit: 'requests a second' });
}

/** Node takes an unknown `TZ` for UTC in silence, which would be a wrong answer: it is refused here. */
export function checkTimeZone(env: Environment): void {
  const zone = env.TZ?.replace(/^:/, '');
  if (zone === undefined || zone === '') return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw wrong('TZ', zone, 'a zone of the time zone database, such as UTC or Asia/Shanghai', 'UTC');
  }
}

function referenceIdFrom(env: Environment): Buffer {
  const given = env.REFERENCE_ID?.trim();
  if (given === undefined || given === '') return NTP_DEFAULTS.referenceId;
  if (isIPv4(given)) return Buffer.from(given.split('.').map(Number));
  if (/^[\x21-\x7e]{1,4}$/.test(given)) return Buffer.from(given.padEnd(4, '\0'), 'latin1');
  throw wrong('REFERENCE_ID', given, 'an IPv4 address or one to four ASCII characters', '127.127.1.1');
}
