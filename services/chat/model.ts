/** The chat's people, its rooms, and the things that people say: as the relay and both kinds of clients know them. */
import type { Endpoint, Transport } from '../events.ts';
import type { History } from './history.ts';

export interface Person {
  name: string;
  readonly peer: Endpoint;
  readonly transport: Transport;
  /** The part that IRC shows between `!` and `@`. */
  readonly user: string;
  /** A longer name beside it, which clients of IRC give. */
  readonly realName: string;
  readonly rooms: Set<Room>;
  /** Somebody has said something, to this person or in a room. */
  hears(said: Heard): void;
  /** Somebody has come, gone or changed: a line of IRC, which people over UDP are not told. */
  sees(line: Buffer): void;
}

export interface Room {
  readonly name: string;
  topic?: { readonly text: string; readonly by: string; readonly at: number };
  readonly members: Set<Person>;
  readonly history: History;
}

/** Something that somebody has said, in the form of each kind of client. */
export interface Heard {
  /** `alice (10.50.1.21:40000): hello`; null where it says nothing to a person, as the questions of IRC clients do. */
  readonly datagram: Buffer | null;
  /** Lines of IRC. */
  readonly lines: readonly Buffer[];
  /** Reports an event of the sender's. */
  report(event: string, details: Readonly<Record<string, unknown>>): void;
}
