/** The longest line that a frame meets: every field that it has, as literal values. */
import type { Frame } from '../../lab/wire/frame.ts';
import type { Field, Line, NumberField } from '../../lab/wire/lines/line.ts';
import { lineOf } from '../../lab/wire/lines/line-of-frame.ts';
import { asText, isFragment, numberOf, payloadOf } from '../../lab/wire/lines/match-field.ts';
import { partyOfCard } from '../../lab/wire/lines/parties.ts';
import type { Card } from '../../lab/wire/timeline.ts';

const SEGMENT: readonly NumberField[] = ['seq', 'ack', 'win', 'mss'];

/** The same with every field that it has, as literal values. */
export function wholeLineOf(frame: Frame, cards: readonly Card[]): Line {
  const line = lineOf(frame, cards);
  const numbers: NumberField[] = [
    'len',
    'vlan',
    ...(frame.ip ? (['ttl'] as const) : []),
    ...(frame.tcp ? SEGMENT : []),
  ];
  const fields = numbers.flatMap((field): Field[] => {
    const value = numberOf(field, frame);
    return value === undefined ? [] : [{ field, number: { relative: false, test: '=', value } }];
  });
  if (frame.ipv4?.dontFragment) fields.push({ field: 'df', is: true });
  if (isFragment(frame)) fields.push({ field: 'fragment', is: true });
  if (frame.ethernet) fields.push({ field: 'mac', card: partyOfCard(frame.ethernet.destination, cards) });
  const text = asText(payloadOf(frame));
  if (text !== undefined && text !== '') fields.push({ field: 'text', text });
  return { ...line, fields };
}
