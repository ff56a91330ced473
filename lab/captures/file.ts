/** The captured frames of hosts as a file for Wireshark: pcapng with the names of the cards and the hosts. */
import { type CaptureWriter, INCOMPLETE } from '../wire/files/capture-format.ts';
import { pcapngWriter } from '../wire/files/pcapng-writer.ts';
import type { Captured } from '../wire/frame.ts';
import type { Card } from '../wire/timeline.ts';
import type { CapturedRun } from './captures.ts';
import { type Loss, lossText } from './losses.ts';

/** A host whose addresses and cards have names in the file: also one behind a router, which no card saw. */
export interface NamedHost {
  name: string;
  interfaces: readonly { mac: string; addresses: readonly (string | { address: string })[] }[];
}

/** `card` of each frame for this writer is the place of its card in `cards`. */
export function captureFile(
  cards: readonly Card[],
  hosts: readonly NamedHost[],
  { losses = [], keys = [] }: { losses?: readonly Loss[]; keys?: readonly string[] } = {},
): CaptureWriter {
  const lossesAt = (host: string) => incomplete(losses.filter((loss) => loss.host === host));
  return pcapngWriter({
    cards: cards.map((card) => ({
      name: `${card.host} ${card.name}`,
      description: `${card.host} on ${card.network}`,
      mac: card.mac,
      ...lossesAt(card.host),
    })),
    names: new Map(hosts.flatMap(namesOf)),
    keys,
    ...incomplete(losses),
  });
}

/** Marks a card whose capture is incomplete: readers of the file then do not take its absent frames for lost. */
function incomplete(losses: readonly Loss[]): { comment?: string } {
  return losses.length > 0 ? { comment: `${INCOMPLETE}${losses.map(lossText).join('; ')}` } : {};
}

function namesOf({ name, interfaces }: NamedHost): [string, string][] {
  return interfaces.flatMap(({ mac, addresses }) =>
    [...addresses.map((one) => (typeof one === 'string' ? one : one.address)), mac].map(
      (one): [string, string] => [one, name],
    ),
  );
}

/** The frame with its way: whether it left the card or came to it. */
export function withWay(captured: Captured, { mac }: Card): Captured {
  const source = Buffer.from(captured.bytes.subarray(6, 12)).toString('hex');
  return { ...captured, way: captured.way ?? (source === mac.replaceAll(':', '') ? 'out' : 'in') };
}

/** The whole file: every frame in the order of time, and the keys where the run has them. */
export function capturedFile(
  { cards, frames, losses, keys = [] }: CapturedRun,
  hosts: readonly NamedHost[],
): Uint8Array {
  const writer = captureFile(cards, hosts, { losses, keys });
  const sorted = frames.toSorted((a, b) => a.seconds - b.seconds || a.nanoseconds - b.nanoseconds);
  return Buffer.concat([
    writer.head,
    writer.frames(sorted.map((frame) => withWay(frame, cards[frame.card]!))),
    writer.end(),
  ]);
}
