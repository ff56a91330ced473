/** The decoder against tshark, field by field, over frames that the encoder made and chance has spoilt. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { FIRST_TYPE } from '../../lab/wire/ethernet.ts';
import type { Captured, Frame } from '../../lab/wire/frame.ts';
import { igmpTypeWord } from '../../lab/wire/igmp-words.ts';
import { describeNeeding } from '../needs.ts';
import { frame, type Mutation, mutate, mutation } from './any-frame.ts';
import { encodeFrame } from './encode/frame.ts';
import { pcapWriter } from './encode/pcap.ts';
import { Files, fieldsOf, lackingShark } from './shark.ts';
import { type SharkField, sharkFields } from './shark-fields.ts';
import { onlyOurs } from './shark-only.ts';

/** Of one batch. */
const FRAMES = 20_000;
const SEED = Number(process.env.LANLAB_WIRE_SEED ?? 20_240_517);
/** Fewer than so many of a batch would be no comparison of a field. */
const ENOUGH = 10;

export interface Made {
  captured: Captured;
  kind: Mutation['kind'];
}

function batch(seed: number): Made[] {
  const sampled = fc.sample(fc.tuple(frame, mutation), { seed, numRuns: FRAMES });
  const whole = sampled.map(([fields]) => encodeFrame(fields));
  return sampled.map(([, how], index) => {
    const kept = mutate(whole[index]!, how, whole[(index + 1) % FRAMES]!);
    return { captured: { seconds: 1, nanoseconds: 0, card: 0, ...kept }, kind: how.kind };
  });
}

function fieldsByShark(frames: readonly Captured[], names: readonly string[], only: string[]): string[][] {
  using files = new Files();
  const { head, frames: records } = pcapWriter();
  return fieldsOf(files.write('frames.pcap', Buffer.concat([head, records(frames)])), names, only);
}

/** Whether a fragment at 1480 is at 1480 or at 185. */
export function offsetUnit(only: string[]): number {
  const addresses = { source: '10.0.0.1', destination: '10.0.0.2' };
  const bytes = encodeFrame({
    ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
    ipv4: { ...addresses, fragmentOffset: 1480 },
    payload: new Uint8Array(40),
  });
  const found = fieldsByShark(
    [{ seconds: 1, nanoseconds: 0, card: 0, bytes, length: 74 }],
    ['ip.frag_offset'],
    only,
  );
  return 1480 / Number(found[0]![0]);
}

/**
 * tshark goes on where we stop: in the packet that an ICMP error quotes, of which we read less, and in LLC behind
 * a length in place of a type, which may carry IP of its own.
 */
function goesOn({ ethernet, icmp, icmpv6 }: Frame): boolean {
  if (ethernet !== undefined && ethernet.type < FIRST_TYPE) return true;
  const isError = icmp !== undefined && [3, 4, 5, 11, 12].includes(icmp.type);
  return isError || (icmpv6 !== undefined && (icmpv6.type < 128 || icmpv6.about !== undefined));
}

/**
 * Undefined where they agree. In a spoilt frame we give up a layer that is not whole and tshark reads what there
 * is of it, so what both print is compared; in a whole one each must print what the other does.
 */
export function disagreement(field: SharkField, made: Made, ours: Frame, text: string): string | undefined {
  const our = field.ours(ours);
  const their = field.read(text === '' ? [] : text.split(','));
  const both = Math.min(our.length, their.length);
  const same = (index: number) =>
    our[index] === undefined || their[index] === undefined || our[index] === their[index];
  const isSame = Array.from({ length: both }, (_, index) => index).every(same);
  const needs = made.kind !== 'none' || isOptional(field, ours) ? 0 : said(our);
  const more = made.kind === 'none' && !goesOn(ours) && !isOptional(field, ours) && said(their) > our.length;
  if (isSame && their.length >= needs && !more) return undefined;
  const hex = Buffer.from(made.captured.bytes).toString('hex');
  return `${field.name}: we say ${our}, tshark ${their}, of ${hex} (${made.captured.length} bytes)`;
}

/** How many are not left open. */
export function said(values: readonly unknown[]): number {
  return values.filter((value) => value !== undefined).length;
}

function isOptional({ name }: SharkField, { arp, icmp, igmp }: Frame): boolean {
  // For operations that others have taken tshark has other names for the fields.
  if (name.startsWith('arp.')) return arp !== undefined && arp.operation > 2;
  // Other protocols have the number of IGMP, too, and IGMPv0 has no group where ours has one.
  if (name.startsWith('igmp.')) return igmp !== undefined && igmpTypeWord(igmp.type) === undefined;
  // Time stamps and other old questions have an identifier too; we read that of echo.
  return name === 'icmp.ident' || name === 'icmp.seq' ? ![0, 8].includes(icmp?.type ?? 0) : false;
}

/** A test of its own for so many batches of frames. */
export function besideTshark(batches: number): void {
  describeNeeding('tshark', lackingShark(), 'the decoder beside tshark', () => {
    test(`${batches * FRAMES} whole and spoilt frames have the same fields`, { timeout: 600_000 }, () => {
      compareBatches(batches);
    });
  });
}

function compareBatches(batches: number): void {
  const only = onlyOurs();
  const fields = sharkFields(offsetUnit(only));
  const names = fields.map(({ name }) => name);
  const compared = new Map(names.map((name) => [name, 0]));
  const wrong: string[] = [];
  for (let round = 0; round < batches; round += 1) {
    const frames = batch(SEED + round);
    const lines = fieldsByShark(
      frames.map(({ captured }) => captured),
      names,
      only,
    );
    expect(lines.length).toBe(FRAMES);
    for (const [index, made] of frames.entries()) {
      const { bytes, length } = made.captured;
      const ours = decode(bytes, length);
      for (const [column, field] of fields.entries()) {
        const text = lines[index]![column]!;
        if (text !== '' && said(field.ours(ours)) > 0)
          compared.set(field.name, compared.get(field.name)! + 1);
        const found = disagreement(field, made, ours, text);
        if (found !== undefined) wrong.push(`${found}, frame ${index + 1} of seed ${SEED + round}`);
      }
    }
  }
  expect(wrong.slice(0, 20), `${wrong.length} disagreements; LANLAB_WIRE_SEED=${SEED}`).toEqual([]);
  expect([...compared].filter(([, times]) => times < ENOUGH * batches)).toEqual([]);
}
