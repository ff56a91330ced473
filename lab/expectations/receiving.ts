/** The bytes that should be received, as a scenario writes them: the value of `receive:`, also inside `do:`. */
import { z } from 'zod';
import { byteLength, materialise } from '../model/bytes.ts';
import type { BytesSpec } from '../model/types.ts';
import { showBytes } from '../outcomes/show.ts';
import { bytes, endpoint, regex, size } from '../scenario/values/values.ts';

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

/** Of the bytes as a whole, which are read together. */
const part = (description: string, type: string | string[]) =>
  z.unknown().optional().meta({ type, description });

const form = z.strictObject({
  text: part('Exactly this text.', 'string'),
  hex: part('Exactly these bytes, two hex digits for each.', 'string'),
  repeat: part('This text, again and again: with `times`.', 'string'),
  times: part('How often `repeat` comes.', 'integer'),
  random: part('So many bytes that `seed` makes: a size.', ['string', 'integer']),
  seed: part('Where the bytes of `random` come from. The same seed makes the same bytes.', [
    'string',
    'integer',
  ]),
  matches: regex
    .optional()
    .describe('A JavaScript regular expression, without slashes, that the text matches.'),
  bytes: size.optional().describe('How many bytes come.'),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 is 64 hex digits, in quotes')
    .transform((hex) => hex.toLowerCase())
    .optional()
    .describe('The SHA-256 of all bytes, in hex.'),
  end: z.literal(true).optional().describe("true: the peer's FIN comes, after the rest."),
  nothing: z.literal(true).optional().describe('true: nothing comes, for 1s or as long as `for` says.'),
  from: endpoint.optional().describe('The sender of the datagram.'),
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
