/** Options of IPv4, TCP and neighbour discovery, a field each. */
import { macText } from '../address.ts';
import type { Option, TcpOption } from '../frame.ts';
import {
  LINK_MTU,
  PREFIX_INFORMATION,
  REDIRECTED_HEADER,
  SOURCE_LINK_ADDRESS,
  TARGET_LINK_ADDRESS,
} from '../nd-options.ts';
import { END_OF_OPTIONS, NO_OPERATION } from '../options.ts';
import { MSS, SACK, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE } from '../tcp-options.ts';
import { type ExplainedField, field } from './field.ts';

const IPV4_OPTIONS: ReadonlyMap<number, string> = new Map([
  [END_OF_OPTIONS, 'end of options'],
  [NO_OPERATION, 'no operation'],
  [7, 'record route'],
  [68, 'time stamps'],
  [131, 'loose source route'],
  [137, 'strict source route'],
  [148, 'router alert'],
]);

const TCP_OPTIONS: ReadonlyMap<number, string> = new Map([
  [END_OF_OPTIONS, 'end of options'],
  [NO_OPERATION, 'no operation'],
  [MSS, 'maximum segment size'],
  [WINDOW_SCALE, 'window scale'],
  [SACK_PERMITTED, 'SACK permitted'],
  [SACK, 'SACK'],
  [TIMESTAMPS, 'time stamps'],
]);

const ND_OPTIONS: ReadonlyMap<number, string> = new Map([
  [SOURCE_LINK_ADDRESS, 'source link-layer address'],
  [TARGET_LINK_ADDRESS, 'target link-layer address'],
  [PREFIX_INFORMATION, 'prefix information'],
  [REDIRECTED_HEADER, 'redirected header'],
  [LINK_MTU, 'MTU'],
]);

/** All bytes between `start` and `end`: the options, and the bytes after their end or after a broken option. */
export function explainIpv4Options(options: readonly Option[], start: number, end: number): ExplainedField[] {
  const fields = options.map((option) => explain(option, IPV4_OPTIONS, sizeOf(option)));
  return [...fields, ...explainRest(options, start, end)];
}

export function explainTcpOptions(
  options: readonly TcpOption[],
  start: number,
  end: number,
): ExplainedField[] {
  const fields = options.map((option) => explain(option, TCP_OPTIONS, tcpValue(option)));
  return [...fields, ...explainRest(options, start, end)];
}

export function explainNdOptions(
  bytes: Uint8Array,
  options: readonly Option[],
  start: number,
  end: number,
): ExplainedField[] {
  const fields = options.map((option) => explain(option, ND_OPTIONS, ndValue(bytes, option)));
  return [...fields, ...explainRest(options, start, end)];
}

function ndValue(bytes: Uint8Array, option: Option): string {
  const { kind, start, end } = option;
  const isLink = (kind === SOURCE_LINK_ADDRESS || kind === TARGET_LINK_ADDRESS) && end - start === 8;
  return isLink ? macText(bytes, start + 2) : sizeOf(option);
}

function explainRest(options: readonly Option[], start: number, end: number): ExplainedField[] {
  const last = options.at(-1);
  const from = last?.end ?? start;
  if (from >= end) return [];
  const name = last?.kind === END_OF_OPTIONS ? 'filling' : 'broken options';
  return [field(name, from, end - from, sizeOf({ kind: 0, start: from, end }))];
}

function explain(option: Option, words: ReadonlyMap<number, string>, value: string): ExplainedField {
  const { kind, start, end } = option;
  return field(words.get(kind) ?? `option ${kind}`, start, end - start, value);
}

function tcpValue(option: TcpOption): string {
  const { mss, scale, sack, timestamp } = option;
  if (mss !== undefined) return String(mss);
  if (scale !== undefined) return `${scale} (times ${2 ** scale})`;
  if (timestamp !== undefined) return `${timestamp.value}, echo ${timestamp.echo}`;
  return sack?.map(({ from, to }) => `${from} to ${to}`).join(', ') ?? sizeOf(option);
}

function sizeOf({ start, end }: Option): string {
  return end - start === 1 ? '1 byte' : `${end - start} bytes`;
}
