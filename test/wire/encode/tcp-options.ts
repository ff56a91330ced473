/** Options of TCP to bytes; lab/wire/tcp-options.ts reads them. */
import type { END_OF_OPTIONS, NO_OPERATION } from '../../../lab/wire/options.ts';
import { MSS, SACK, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE } from '../../../lab/wire/tcp-options.ts';
import { putUint16, putUint32 } from './integer.ts';

/** An option to write: one of the known ones by its value, or any by kind and data. */
export type TcpOptionFields =
  | { mss: number }
  | { scale: number }
  | { sackPermitted: true }
  | { sack: readonly { from: number; to: number }[] }
  | { timestamp: { value: number; echo: number } }
  | { kind: typeof END_OF_OPTIONS | typeof NO_OPERATION }
  | { kind: number; data: Uint8Array };

/** The options one after another, not filled up. */
export function encodeTcpOptions(options: readonly TcpOptionFields[]): Uint8Array {
  return Uint8Array.from(options.flatMap((option) => [...encodeOption(option)]));
}

function encodeOption(option: TcpOptionFields): Uint8Array {
  if ('mss' in option) return numbers(MSS, 2, [option.mss]);
  if ('scale' in option) return Uint8Array.of(WINDOW_SCALE, 3, option.scale);
  if ('sackPermitted' in option) return Uint8Array.of(SACK_PERMITTED, 2);
  if ('sack' in option)
    return numbers(
      SACK,
      4,
      option.sack.flatMap(({ from, to }) => [from, to]),
    );
  if ('timestamp' in option) return numbers(TIMESTAMPS, 4, [option.timestamp.value, option.timestamp.echo]);
  if ('data' in option) return Uint8Array.of(option.kind, option.data.length + 2, ...option.data);
  return Uint8Array.of(option.kind);
}

function numbers(kind: number, width: 2 | 4, values: number[]): Uint8Array {
  const bytes = new Uint8Array(2 + width * values.length);
  bytes[0] = kind;
  bytes[1] = bytes.length;
  const put = width === 2 ? putUint16 : putUint32;
  values.forEach((value, index) => {
    put(bytes, 2 + width * index, value);
  });
  return bytes;
}
