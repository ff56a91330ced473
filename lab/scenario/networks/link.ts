/** `link:` as it is written: the impairments of a cable, the same in both directions or each direction for itself. */
import { z } from 'zod';
import { type Impairment, type Link, MOST_HELD } from '../../model/link.ts';
import { PRESETS } from '../../model/link-presets.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import { linkTime, queue, rate, share } from '../values/link-values.ts';
import { mtu } from '../values/mtu.ts';
import { trace } from '../values/trace.ts';

/** The default queue before a rate: frames for so many milliseconds. */
const QUEUE = { milliseconds: 100 };

const loss = z.union([
  share,
  z
    .strictObject({
      rate: share.describe('How many of all frames are lost.'),
      burst: z.number().min(1).describe('How many frames in a row are lost on average.'),
    })
    .refine(({ rate, burst }) => rate >= 1 || burst >= rate / (1 - rate), {
      error: ({ input }) => burstTooShort(input as { rate: number }),
    }),
]);

function burstTooShort({ rate }: { rate: number }): string {
  return `with ${rate * 100}% lost a burst is at least ${Math.ceil((100 * rate) / (1 - rate)) / 100} frames long on average`;
}

const jitter = z.union([
  linkTime,
  z.strictObject({
    by: linkTime.describe(
      'The most that a frame comes earlier or later; for `normal` the standard deviation.',
    ),
    spread: z.enum(['uniform', 'normal']).describe('The distribution of the delay.'),
  }),
]);

const pace = z.union([
  rate,
  z
    .strictObject({
      trace: trace.describe(
        'A file in the form of mahimahi: each line is the time in milliseconds when 1,504 bytes may leave.',
      ),
    })
    .transform(({ trace }) => trace),
]);

/** The words that a link and a fault share, with what each means. */
export const IMPAIRMENTS = {
  delay: linkTime.describe('How much later each frame arrives, one way.'),
  jitter: jitter.describe(
    'How much the delay varies, evenly spread unless `spread` is `normal`. Frames stay in order.',
  ),
  loss: loss.describe('How many frames are lost: a share, or a share and how many in a row on average.'),
  duplicate: share.describe('How many frames arrive twice.'),
  corrupt: share.describe('How many frames arrive with one bit flipped. The receiver sees a wrong checksum.'),
  reorder: share.describe('How many frames wait until the next one has overtaken them.'),
  rate: pace.describe(
    'Bits a second that get through, counted in whole frames; or a trace of delivery opportunities.',
  ),
  queue: queue.describe(
    'The queue before the rate; 100ms is the default. Frames that find it full are lost.',
  ),
  mtu: mtu.describe(
    'Bytes of the largest packet that gets through. A larger one is lost, and nobody is told.',
  ),
} as const;

export const LINK_WORDS = z.strictObject({
  delay: IMPAIRMENTS.delay.optional(),
  jitter: IMPAIRMENTS.jitter.optional(),
  loss: IMPAIRMENTS.loss.optional(),
  duplicate: IMPAIRMENTS.duplicate.optional(),
  corrupt: IMPAIRMENTS.corrupt.optional(),
  reorder: IMPAIRMENTS.reorder.optional(),
  rate: IMPAIRMENTS.rate.optional(),
  queue: IMPAIRMENTS.queue.optional(),
  mtu: IMPAIRMENTS.mtu.optional(),
});

export type ImpairmentWords = z.output<typeof LINK_WORDS>;

/** The impairment that those words ask for. */
export function impairmentOf({ jitter, loss, rate, queue = QUEUE, ...rest }: ImpairmentWords): Impairment {
  return {
    ...rest,
    ...(jitter !== undefined && {
      jitter: typeof jitter === 'number' ? { by: jitter, spread: 'uniform' } : jitter,
    }),
    ...(loss !== undefined && { loss: typeof loss === 'number' ? { rate: loss } : loss }),
    ...(rate !== undefined && { rate: { ...(typeof rate === 'number' ? { bits: rate } : rate), queue } }),
  };
}

/** Bytes of a full-size frame of Ethernet. */
const FULL_SIZE = 1514;

/** For a link that holds more frames than a cable can, if it is as full as its numbers allow: the problem, and what would do. */
export function heldTooMany(read: ImpairmentWords): { message: string; hint: string } | undefined {
  const { delay = 0, jitter, rate } = impairmentOf(read);
  if (!rate) return undefined;
  const queued = 'milliseconds' in rate.queue ? rate.queue.milliseconds : 0;
  const perMillisecond = rate.bits / 1000 / (FULL_SIZE * 8);
  const frames = Math.ceil((delay + (jitter?.by ?? 0) + queued) * perMillisecond);
  if (frames <= MOST_HELD) return undefined;
  const most = Math.floor(MOST_HELD / perMillisecond);
  return {
    message: `this link holds ${count(frames)} full-size frames when it is full, and a cable holds ${count(MOST_HELD)}`,
    hint: `write a lower rate, or at most ${most}ms for the delay, the jitter and the queue together`,
  };
}

function count(frames: number): string {
  return frames.toLocaleString('en');
}

/** Checks across words: `queue` needs a rate, and all words together can ask for too much. */
export function queueNeedsRate(read: ImpairmentWords, context: z.RefinementCtx): void {
  if (read.queue !== undefined && read.rate === undefined)
    context.addIssue({
      code: 'custom',
      path: ['queue'],
      message: '`queue` is the queue before a rate, but this link has no `rate`',
      params: { hint: 'write `rate` beside it' },
    });
  const many = heldTooMany(read);
  if (many)
    context.addIssue({ code: 'custom', path: ['rate'], message: many.message, params: { hint: many.hint } });
}

const oneWay = LINK_WORDS.superRefine(queueNeedsRate);

const preset = reading(
  (input) => {
    if (typeof input === 'string' && Object.hasOwn(PRESETS, input)) return input as keyof typeof PRESETS;
    return new Wrong(
      `${show(input)} is no link`,
      `write numbers, { delay: 20ms, loss: 2% }, or one of ${Object.keys(PRESETS).join(', ')}`,
    );
  },
  {
    title: 'preset',
    enum: Object.keys(PRESETS),
    description: 'A link by its name; the reference has its numbers.',
  },
);

const map = LINK_WORDS.extend({
  out: oneWay.optional().describe('Frames from the host.'),
  in: oneWay.optional().describe('Frames to the host.'),
  seed: z
    .int()
    .min(0)
    .max(0xffff_ffff)
    .optional()
    .describe('The start of the random numbers: the same seed loses the same frames.'),
}).superRefine((read, context) => {
  queueNeedsRate(read, context);
  const ofBoth = Object.keys(LINK_WORDS.shape).find((word) => Object.hasOwn(read, word));
  if (ofBoth !== undefined && (read.out || read.in))
    context.addIssue({
      code: 'custom',
      path: [ofBoth],
      message: `\`${ofBoth}\` is for both directions, and \`out\` and \`in\` say each for itself`,
      params: { hint: `put \`${ofBoth}\` into \`out\`, into \`in\` or into each of them` },
    });
});

/** A name, numbers for both directions, or `out` and `in`. */
export const linkSchema = z.union([preset, map]).transform((read): Link => {
  if (typeof read === 'string') return PRESETS[read].link;
  const { out, in: inward, seed, ...both } = read;
  const chosen = seed === undefined ? {} : { seed };
  if (!out && !inward) return { both: impairmentOf(both), ...chosen };
  return { ...(out && { out: impairmentOf(out) }), ...(inward && { in: impairmentOf(inward) }), ...chosen };
});
