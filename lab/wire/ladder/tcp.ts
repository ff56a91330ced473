/** The facts of each segment for a ladder, from the followed conversations (conversations/follow.ts). */
import type { Note } from '../conversations/conversation.ts';
import { type Followed, followTcp } from '../conversations/follow.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import type { TcpView } from './make.ts';

/** Notes that the states and the braces of a ladder show already. */
const TOLD: readonly Note[] = [
  'SYN',
  'SYN+ACK',
  'handshake done',
  'refused',
  'FIN',
  'FIN acknowledged',
  'closed',
];

/** The frames of the whole timeline, so that a conversation goes on from step to step. */
export function tcpViews(
  frames: readonly SeenFrame[],
  captured?: readonly Card[],
): (seen: SeenFrame) => TcpView | undefined {
  return viewsOf(followTcp(frames, captured ? { captured } : {}));
}

export function viewsOf(followed: Followed): (seen: SeenFrame) => TcpView | undefined {
  return (seen) => viewOf(followed, seen);
}

function viewOf(followed: Followed, seen: SeenFrame): TcpView | undefined {
  const segment = followed.of(seen);
  if (!segment) return undefined;
  const { conversation, sender, receiver, phase, notes } = segment;
  return {
    conversation: conversation.number,
    notes: notes.filter((note) => !TOLD.includes(note)),
    ...(sender && { sender }),
    ...(receiver && { receiver }),
    ...(phase && { phase }),
  };
}
