/** The numbers of a link, each with its unit: `20ms`, `2%`, `10Mbit/s`, `50 packets`. */
import { FASTEST, type Impairment } from '../../model/link.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import { readSize } from './size.ts';

const TIMES: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };
/** Longer than any path on Earth, and longer than a cable can hold frames. */
const LONGEST = 10_000;
const RATES: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };
/** Rates as other tools write them: megabits as `mbps`, `Mbit`, `mbit`. */
const OTHER_RATES = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:bits?|b)(?:ps|\/s|\/sec)?$/i;
const SLOWEST = 1000;

function readLinkTime(input: unknown): number | Wrong {
  const [, number, unit = ''] = (typeof input === 'string' && /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(input)) || [];
  if (number === undefined) {
    const near = /^\s*(\d+(?:\.\d+)?)\s*(?:ms|msecs?|milliseconds?)?\s*$/i.exec(String(input));
    const what = typeof input === 'number' ? `the time ${input} has no unit` : `${show(input)} is not a time`;
    return new Wrong(what, near ? `write ${near[1]}ms` : 'write a number and us, ms or s: 500us, 20ms, 1.5s');
  }
  const milliseconds = Number(number) * TIMES[unit]!;
  if (milliseconds > LONGEST) return new Wrong(`${input} is too long for a link`, 'at most 10s');
  return milliseconds;
}

/** `20ms`, `1.5s`, `500us` → milliseconds, with their fraction. */
export const linkTime = reading(readLinkTime, {
  title: 'time',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?(us|ms|s)$',
  description: 'A time with its unit: 20ms, 500us, 1.5s.',
});

function readShare(input: unknown): number | Wrong {
  const [, number] = (typeof input === 'string' && /^(\d+(?:\.\d+)?)\s?%$/.exec(input)) || [];
  if (number === undefined) {
    const bare = typeof input === 'number' || (typeof input === 'string' && /^\d+(?:\.\d+)?$/.test(input));
    const what = bare ? `the share ${input} has no unit` : `${show(input)} is not a share`;
    return new Wrong(what, bare ? `write ${input}%` : 'write a number and %: 2%, 0.5%');
  }
  if (Number(number) > 100)
    return new Wrong(`${input} is more than all of them`, 'a share is from 0% to 100%');
  return Number(number) / 100;
}

/** `2%` → 0.02 */
export const share = reading(readShare, {
  title: 'share',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?\\s?%$',
  description: 'A share of all frames, from 0% to 100%: 2%, 0.5%.',
});

function readRate(input: unknown): number | Wrong {
  const [, number, unit = ''] =
    (typeof input === 'string' && /^(\d+(?:\.\d+)?)\s?(bit|kbit|Mbit|Gbit)\/s$/.exec(input)) || [];
  if (number === undefined) {
    const [, other, prefix = ''] = OTHER_RATES.exec(typeof input === 'string' ? input.trim() : '') ?? [];
    const bare = typeof input === 'number' || /^\d+(?:\.\d+)?$/.test(String(input));
    const what = bare ? `the rate ${input} has no unit` : `${show(input)} is not a rate`;
    const meant = other && `${other}${{ '': '', k: 'k', m: 'M', g: 'G' }[prefix.toLowerCase()]}bit/s`;
    const units = 'write a number and bit/s, kbit/s, Mbit/s or Gbit/s: 10Mbit/s';
    return new Wrong(what, meant ? `write ${meant}` : bare ? `${units}, for instance ${input}Mbit/s` : units);
  }
  const bits = Number(number) * RATES[unit]!;
  if (bits < SLOWEST)
    return new Wrong(
      `a rate of ${input} lets too little through`,
      'write at least 1kbit/s, or cut the cable: `cut`',
    );
  if (bits > FASTEST)
    return new Wrong(
      `a rate of ${input} is more than a cable carries`,
      `write at most ${FASTEST / 1e9}Gbit/s, or no rate: then frames go as fast as the machine carries them`,
    );
  return bits;
}

/** `10Mbit/s` → 10,000,000: bits a second of whole frames. */
export const rate = reading(readRate, {
  title: 'rate',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?\\s?(bit|kbit|Mbit|Gbit)/s$',
  description: 'Bits a second with their unit: 512kbit/s, 10Mbit/s, 1Gbit/s.',
});

type Queue = NonNullable<Impairment['rate']>['queue'];

function readQueue(input: unknown): Queue | Wrong {
  const forms = 'write packets, bytes or a time: 50 packets, 64KiB, 100ms';
  if (typeof input === 'number')
    return new Wrong(`the queue ${input} has no unit`, `${forms}; here perhaps ${input} packets`);
  const [, frames] = (typeof input === 'string' && /^(\d+)\s?(?:packets?|frames?)$/.exec(input)) || [];
  if (frames !== undefined) return { frames: Number(frames) };
  if (typeof input === 'string' && /^\d+(?:\.\d+)?(?:us|ms|s)$/.test(input)) {
    const milliseconds = readLinkTime(input);
    return milliseconds instanceof Wrong ? milliseconds : { milliseconds };
  }
  const bytes = readSize(input);
  return bytes instanceof Wrong ? new Wrong(`${show(input)} is no length of a queue`, forms) : { bytes };
}

/** The frames that may wait for their turn at a rate. */
export const queue = reading(readQueue, {
  title: 'queue',
  type: 'string',
  description: 'The length of a queue: 50 packets, 64KiB or 100ms.',
});
