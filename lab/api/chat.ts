/** A person at a chat relay (services/chat): one UDP socket that is logged in. */

import type { Datagrams } from '../outcomes/conversation.ts';
import { lineOf } from '../steps/chat.ts';
import { UdpSocket } from './udp.ts';
import type { Patience } from './waiting.ts';

type Opening = ConstructorParameters<typeof UdpSocket>;

export class ChatPerson extends UdpSocket {
  readonly name: string;
  /** The relay's answer to the login. */
  readonly answer: string;

  constructor(name: string, answer: string, ...[socket, opened, resolve, giveUp]: Opening) {
    super(socket as Datagrams, opened, resolve, giveUp);
    this.name = name;
    this.answer = answer;
  }

  /** To everyone else, or to one `person`. */
  async say(text: string, person?: string): Promise<void> {
    await this.send(lineOf({ say: text, ...(person !== undefined && { person }) }) ?? '');
  }

  /** The next line of the relay. */
  async line(patience: Patience = {}): Promise<string> {
    return (await this.receive(patience)).text;
  }

  /** The people at the relay, in the relay's words. A line that comes before the answer is taken for the answer. */
  async who(patience: Patience = {}): Promise<string> {
    await this.send(lineOf({ who: true }) ?? '');
    return this.line(patience);
  }

  async quit(): Promise<void> {
    await this.send(lineOf({ quit: true }) ?? '');
  }
}
