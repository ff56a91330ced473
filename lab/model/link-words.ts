/** In words: the impairments of a link, and the counts of the frames that it has impaired. */
import type { Impairment, Stage, Tally } from '../agent/cable/impairment.ts';

/** `delay 20 ms, loss 2%` */
export function printImpairment(impairment: Impairment): string {
  const { delay, jitter, loss, duplicate, corrupt, reorder, rate, mtu, nth, blackhole, answer } = impairment;
  const parts = [
    rate && `rate ${printPace(rate)} with a queue of ${printQueue(rate.queue)}`,
    mtu !== undefined && `mtu ${mtu}`,
    nth && `drop of frame ${nth.join(', ')}`,
    blackhole && `loss of every ${blackhole === 'frames' ? 'frame' : 'packet'}`,
    answer,
    loss && `loss ${printShare(loss.rate)}${loss.burst === undefined ? '' : ` in runs of ${loss.burst}`}`,
    delay !== undefined && `delay ${printTime(delay)}`,
    jitter && `jitter ${printTime(jitter.by)}${jitter.spread === 'normal' ? ' (normal)' : ''}`,
    duplicate !== undefined && `duplicate ${printShare(duplicate)}`,
    corrupt !== undefined && `corrupt ${printShare(corrupt)}`,
    reorder !== undefined && `reorder ${printShare(reorder)}`,
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

const DONE = {
  loss: 'lost',
  nth: 'dropped',
  blackhole: 'lost',
  queue: 'lost at the full queue',
  mtu: 'too large',
  reset: 'answered by resets',
  reject: 'rejected',
} as const;

/** `3 of 40 frames lost, 1 doubled` */
export function printTally(tallies: readonly Omit<Tally, 'stage' | 'direction'>[]): string {
  const frames = tallies.reduce((sum, tally) => sum + tally.frames, 0);
  const done = new Map<string, number>();
  const count = (what: string, number: number) =>
    number > 0 && done.set(what, (done.get(what) ?? 0) + number);
  for (const { dropped, doubled, corrupted, overtaken } of tallies) {
    for (const [why, number] of Object.entries(dropped)) count(DONE[why as keyof typeof DONE], number);
    count('doubled', doubled);
    count('corrupted', corrupted);
    count('overtaken', overtaken);
  }
  const parts = [...done].map(([what, number]) => `${number} ${what}`);
  const late = Math.max(0, ...tallies.map((tally) => tally.late));
  const all = `${frames} ${frames === 1 ? 'frame' : 'frames'}`;
  return [all, ...parts, ...(late >= 1 ? [`late by ${printTime(Math.round(late))} at most`] : [])].join(', ');
}

export function printTime(milliseconds: number): string {
  if (milliseconds >= 1000) return `${milliseconds / 1000} s`;
  return milliseconds < 1 && milliseconds > 0 ? `${milliseconds * 1000} µs` : `${milliseconds} ms`;
}

export function printShare(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

export function printRate(bits: number): string {
  const units = [
    ['Gbit/s', 1e9],
    ['Mbit/s', 1e6],
    ['kbit/s', 1e3],
  ] as const;
  const [unit, size] = units.find(([, size]) => bits >= size) ?? ['bit/s', 1];
  return `${Number((bits / size).toPrecision(6))} ${unit}`;
}

/** `10 Mbit/s`, `4.2 Mbit/s on average (trace lte.trace)` */
export function printPace({ bits, trace }: NonNullable<Impairment['rate']>): string {
  return trace ? `${printRate(bits)} on average (trace ${trace.file})` : printRate(bits);
}

function printQueue(queue: NonNullable<Impairment['rate']>['queue']): string {
  if ('frames' in queue) return `${queue.frames} ${queue.frames === 1 ? 'packet' : 'packets'}`;
  return 'bytes' in queue ? `${queue.bytes} bytes` : printTime(queue.milliseconds);
}

/**
 * The impairments of a network's link, or of a card's own in each direction, and the round trip that they cause:
 * `delay 20 ms, loss 10%; round trip 40 ms`. Undefined where there is no stage.
 */
export function printLink(stages: readonly Stage[], of: 'network' | 'card'): string | undefined {
  const [out = '', back = ''] = (['out', 'in'] as const).map((direction) =>
    stages
      .filter((stage) => stage.direction === direction)
      .map(({ impairment }) => printImpairment(impairment))
      .join(', '),
  );
  if (out === '' && back === '') return undefined;
  const delay = stages.reduce((sum, { impairment }) => sum + (impairment.delay ?? 0), 0);
  // A frame meets a network's link once on each way, and a card's in one direction there and in the other back.
  const trip = of === 'network' ? 2 * delay : delay;
  return `${eachWay(out, back, of)}${trip > 0 ? `; round trip ${printTime(trip)}` : ''}`;
}

function eachWay(out: string, back: string, of: 'network' | 'card'): string {
  if (of === 'network' && back === '') return out;
  if (out === back) return `${out} each way`;
  return [out && `out: ${out}`, back && `in: ${back}`].filter(Boolean).join('; ');
}
