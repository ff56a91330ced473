/** `dhcp:` of a network as it is written: the server alone, or with its range, the time of a lease, and a relay. */
import { z } from 'zod';
import { parseAddress, printAddress } from '../../model/address.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import type { Dhcp } from '../../model/types.ts';
import { duration, name } from '../values/values.ts';

/** Milliseconds: dnsmasq gives no lease for less time. */
const SHORTEST = 120_000;

function readRange(input: unknown): NonNullable<Dhcp['range']> | Wrong {
  const form = 'write the first and the last address: 10.50.1.100-10.50.1.150';
  const [, first = '', last = ''] =
    (typeof input === 'string' && /^([^\s-]+)\s*-\s*([^\s-]+)$/.exec(input)) || [];
  const [from, to] = [first, last].map((text) => parseAddress(text));
  const short = from && /^\d{1,3}$/.test(last) ? `${first.replace(/\d+$/, '')}${last}` : undefined;
  if (short !== undefined) return new Wrong(`${show(input)} has no last address`, `write ${first}-${short}`);
  if (!from || !to) return new Wrong(`${show(input)} is not a range of addresses`, form);
  if (from.family !== 'ipv4' || to.family !== 'ipv4')
    return new Wrong('`dhcp` hands out addresses of IPv4', form);
  if (from.number > to.number) return new Wrong(`${input} runs backwards`, `write ${last}-${first}`);
  return { from: printAddress(from), to: printAddress(to) };
}

const range = reading(readRange, {
  title: 'range',
  type: 'string',
  pattern: '^[\\d.]+\\s*-\\s*[\\d.]+$',
  description: 'The first and the last address: 10.50.1.100-10.50.1.150.',
});

const lease = duration.transform((milliseconds, context): number => {
  const whole = milliseconds % 1000 === 0;
  if (milliseconds >= SHORTEST && whole) return milliseconds / 1000;
  const message = whole ? 'a lease lasts 2m at least' : 'a lease lasts whole seconds (RFC 2131 section 3.3)';
  context.addIssue({ code: 'custom', message, params: { hint: 'write for instance 2m or 1h' } });
  return z.NEVER;
});

const long = z.strictObject({
  by: name.describe('The host that hands out the addresses.'),
  range: range
    .optional()
    .describe(
      'The addresses that it hands out, to hosts of the lab and to strangers. Without it only hosts of the lab get an address.',
    ),
  lease: lease.optional().describe('How long a lease lasts, 2m at least. 1h is the default.'),
  relay: name
    .optional()
    .describe(
      'A host on this network that hands the questions on to a server on another network (RFC 1542).',
    ),
});

export const dhcpSchema = z.union([name.transform((by): Dhcp => ({ by })), long]).transform((read): Dhcp => {
  return Object.fromEntries(
    Object.entries(read).filter(([, value]) => value !== undefined),
  ) as unknown as Dhcp;
});
