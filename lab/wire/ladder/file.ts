/**
 * A ladder of a capture file. A file that lanlab wrote names its cards, so it shows a frame that left a host and never
 * came to another. In any other file only the frames are known, and the hosts are worked out from them.
 */
import { followTcp } from '../conversations/follow.ts';
import { listConversations } from '../conversations/list.ts';
import type { Listed } from '../conversations/listed.ts';
import { type CaptureCard, INCOMPLETE } from '../files/capture-format.ts';
import type { Captured } from '../frame.ts';
import { LINK } from '../link-types.ts';
import { Timeline } from '../merge.ts';
import type { Names } from '../names.ts';
import { printFrame } from '../print.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import { endsByAddresses, withPorts } from './any-ends.ts';
import { setBacks } from './clock-steps.ts';
import type { Ladder } from './ladder.ts';
import { endsByCards, namesOf, type Party } from './lanes.ts';
import { makeLadder } from './make.ts';
import { partiesOf } from './owners.ts';
import { viewsOf } from './tcp.ts';

export interface CaptureContent {
  frames: readonly Captured[];
  cards: readonly CaptureCard[];
  /** Literal address or MAC → name, as the file has them. */
  names: ReadonlyMap<string, string>;
}

export interface CaptureLadder {
  ladder: Ladder;
  names: Names;
}

/** A capture that has been read and worked out, to be drawn as a whole or in parts. */
export interface CaptureStory {
  frames: readonly SeenFrame[];
  parties: readonly Party[];
  names: Names;
  conversations(): Listed[];
  /** Draws the given frames: the first `most` of them, and the rest is counted. `fold` is true where it is absent. */
  ladder(frames: readonly SeenFrame[], most: number, fold?: boolean): Ladder;
}

export function storyOfCapture(content: CaptureContent): CaptureStory {
  const cards = content.cards.map(cardOf);
  const timeline = new Timeline();
  const setBack = setBacks(content.frames);
  for (const [index, captured] of content.frames.entries())
    timeline.add(cards[captured.card]!, captured, undefined, setBack[index]);
  const frames = timeline.frames();
  const ours = cards.length > 0 && cards.every(({ mac }) => mac !== '');
  const found = partiesOf(frames, content.names, ours ? cards : []);
  // A host is captured at all of its addresses: a packet for one may come by the card of another.
  for (const card of ours ? cards : [])
    card.addresses.push(...(found.find(({ name }) => name === card.host)?.addresses ?? []));
  // A frame that is absent from an incomplete capture may have been there.
  const whole = cards.filter((_, index) => !content.cards[index]!.comment?.startsWith(INCOMPLETE));
  const findEnds = ours ? endsByCards(found, whole, frames) : endsByAddresses(found);
  const { parties, ends } = ours ? { parties: found, ends: findEnds } : withPorts(frames, found, findEnds);
  const names = namesOf(found);
  const followed = followTcp(frames, ours ? { captured: whole } : {});
  const tcp = viewsOf(followed);
  const print = ({ frame }: SeenFrame) => printFrame(frame, names);
  const ladder = (some: readonly SeenFrame[], most: number, fold = true) =>
    makeLadder(some, { parties, ends, print, tcp, most, fold, bystanders: some.length === frames.length });
  return { frames, parties: found, names, ladder, conversations: () => listConversations(frames, followed) };
}

/** Draws the first `most` frames; the rest is counted. */
export function ladderOfCapture(content: CaptureContent, most: number): CaptureLadder {
  const { frames, ladder, names } = storyOfCapture(content);
  return { ladder: ladder(frames, most), names };
}

/** lanlab names a card `alice eth0` and describes it as `alice on office`. */
function cardOf({ name = '', description = '', mac = '', linkType }: CaptureCard, index: number): Card {
  const named = /^(?<host>\S+) (?<card>\S+)$/.exec(name)?.groups;
  const on = /^(?<host>\S+) on (?<network>\S+)$/.exec(description)?.groups;
  if (!named || !on || named.host !== on.host || mac === '' || linkType !== LINK.ethernet) {
    return { host: '', name, mac: '', network: `card ${index}`, addresses: [] };
  }
  return { host: on.host!, name: named.card!, mac, network: on.network!, addresses: [] };
}
