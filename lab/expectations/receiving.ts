/** What should be received, as a scenario writes it: the value of `receive:`, also inside `do:`. */
import { z } from 'zod';
import { showBytes } from '../outcomes/show.ts';
import { byteLength, materialise } from '../scenario/bytes.ts';
import type { BytesSpec } from '../scenario/types.ts';
import { bytes, endpoint, regex, size } from '../scenario/values.ts';

/** Everything that is given must hold. */
export interface Receive {
  exact?: BytesSpec;
  matches?: string | RegExp;
  bytes?: number;
  /** Lower-case hex. */
  sha256?: string;
  end?: true;
  nothing?: true;
  /** Sender of the datagram: an endpoint. */
  from?: string;
}

const EXACT = ['text', 'hex', 'repeat', 'times', 'random', 'seed'] as const;

const form = z.strictObject({
  text: z.unknown().optional(),
  hex: z.unknown().optional(),
  repeat: z.unknown().optional(),
  times: z.unknown().optional(),
  random: z.unknown().optional(),
  seed: z.unknown().optional(),
  matches: regex.optional(),
  bytes: size.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 is 64 hex digits, in quotes')
    .transform((hex) => hex.toLowerCase())
    .optional(),
  end: z.literal(true).optional(),
  nothing: z.literal(true).optional(),
  from: endpoint.optional(),
});

const wrong = (context: z.RefinementCtx, message: string, hint?: string) => {
  context.addIssue({ code: 'custom', message, params: { hint } });
  return z.NEVER;
};

function read(raw: z.output<typeof form>, context: z.RefinementCtx): Receive {
  const { text, hex, repeat, times, random, seed, ...rest } = raw;
  const given = { text, hex, repeat, times, random, seed };
  const keys = EXACT.filter((key) => given[key] !== undefined);
  const value = Object.fromEntries(Object.entries(rest).filter((entry) => entry[1] !== undefined)) as Receive;
  if (value.nothing && Object.keys(value).length + keys.length > 1) {
    return wrong(context, '`nothing` stands alone', 'write receive: { nothing: true } and for: 1s beside it');
  }
  if (keys.length === 0) {
    if (Object.keys(value).length > 0) return value;
    return wrong(
      context,
      '`receive` says nothing',
      'write the text, or { matches }, { bytes }, { end: true }…',
    );
  }
  const exact = bytes.safeParse(Object.fromEntries(keys.map((key) => [key, given[key]])));
  if (exact.success) return { ...value, exact: exact.data };
  for (const issue of exact.error.issues) {
    context.addIssue({
      code: 'custom',
      message: issue.message,
      params: { ...(issue as Partial<z.core.$ZodIssueCustom>).params },
    });
  }
  return z.NEVER;
}

/** Text alone means exactly this text. */
export const receiving: z.ZodType<Receive> = z.union([
  z.string().transform((text): Receive => ({ exact: { text } })),
  form.transform(read),
]);

/** `"HELLO"`, `5000000 bytes, sha256 9f86d081884c…, then the end`. */
export function describe(want: Receive): string {
  if (want.nothing) return 'nothing';
  const parts: string[] = [];
  if (want.exact) parts.push(showBytes(materialise(want.exact)));
  if (want.matches !== undefined) parts.push(`something like ${showPattern(want.matches)}`);
  if (want.bytes !== undefined) parts.push(want.bytes === 1 ? '1 byte' : `${want.bytes} bytes`);
  if (want.sha256) parts.push(`sha256 ${want.sha256.slice(0, 12)}…`);
  if (want.end) parts.push(parts.length ? 'then the end' : 'the end');
  const from = want.from === undefined ? '' : ` from ${want.from}`;
  return (parts.join(', ') || 'a datagram') + from;
}

export function showPattern(matches: string | RegExp): string {
  return typeof matches === 'string' ? `/${matches}/` : String(matches);
}

/** Bytes that a stream must bring before there is something to compare; undefined where only the FIN tells. */
export function wantedLength(want: Receive): number | undefined {
  return want.exact ? byteLength(want.exact) : want.bytes;
}
