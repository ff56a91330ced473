/** What hosts captured as a file for Wireshark: pcapng with the cards' and the hosts' names. */
import { type CaptureWriter, INCOMPLETE } from '../wire/files/capture-format.ts';
import { pcapngWriter } from '../wire/files/pcapng-writer.ts';
import type { Captured } from '../wire/frame.ts';
import type { Card } from '../wire/timeline.ts';
import type { CapturedRun } from './captures.ts';
import { type Loss, lossText } from './losses.ts';

/** Whose addresses and cards the file names: also hosts beyond a router, that no card saw. */
export interface NamedHost {
  name: string;
  interfaces: readonly { mac: string; addresses: readonly (string | { address: string })[] }[];
}

/** Frames given to it have their card's place in `cards`. */
export function captureFile(
  cards: readonly Card[],
  hosts: readonly NamedHost[],
  losses: readonly Loss[] = [],
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
    ...incomplete(losses),
  });
}

/** A reader of the file takes nothing for lost that a card so marked has not. */
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

/** Whether the frame left the card or came to it. */
export function withWay(captured: Captured, { mac }: Card): Captured {
  const source = Buffer.from(captured.bytes.subarray(6, 12)).toString('hex');
  return { ...captured, way: captured.way ?? (source === mac.replaceAll(':', '') ? 'out' : 'in') };
}

/** The whole file: every frame in the order of time. */
export function capturedFile(
  { cards, frames, losses }: CapturedRun,
  hosts: readonly NamedHost[],
): Uint8Array {
  const writer = captureFile(cards, hosts, losses);
  const sorted = frames.toSorted((a, b) => a.seconds - b.seconds || a.nanoseconds - b.nanoseconds);
  return Buffer.concat([
    writer.head,
    writer.frames(sorted.map((frame) => withWay(frame, cards[frame.card]!))),
    writer.end(),
  ]);
}
