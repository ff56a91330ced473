/** Conversations of a capture as a table: number, protocol, both ends, frames, bytes, and how each ended. */
import type { Listed, ListedEnd } from '../wire/conversations/listed.ts';
import type { Names } from '../wire/names.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';

const HEADINGS = ['no', 'protocol', 'from', 'to', 'frames', 'bytes', 'ended'];

/** Ends with a newline. Hosts have their names where `names` has them. */
export function conversationList(conversations: readonly Listed[], names: Names): string {
  const rows = conversations.map(({ number, protocol, ends: [from, to], frames, bytes, ended }) => [
    ...[String(number), protocol, endText(from, names), endText(to, names)],
    ...[String(frames.length), String(bytes), ended],
  ]);
  return table(HEADINGS, rows);
}

function endText({ address, port }: ListedEnd, names: Names): string {
  const name = oneLine(names.host(address) ?? names.card(address) ?? address);
  if (port === undefined) return name;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}
