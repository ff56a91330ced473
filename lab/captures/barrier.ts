/**
 * A barrier in the stream of frames. Every host that shares a network with an observer sends a mark; when the
 * observer has seen it, everything that host sent before has passed as well. Marks are taken out of captures again.
 */
import { randomUUID } from 'node:crypto';
import type { LiveHost } from '../host.ts';
import type { CardCapture } from './card.ts';

/**
 * Milliseconds in which a mark has to come. One that does not was lost, as everything else from that host is: on an
 * interface that is down, or by a rule of that host's own.
 */
const LOST = 1000;

export async function passBarrier(
  observers: readonly CardCapture[],
  hosts: ReadonlyMap<string, LiveHost>,
): Promise<void> {
  const text = `lanlab ${randomUUID()}`;
  const plugged = await pluggedCards(hosts);
  const expected = (await Promise.all(observers.map((one) => sendersFor(one, hosts, plugged)))).flat();
  const senders = new Set(expected.map(({ sender }) => sender));
  // One whose kernel lets nothing out sends no mark either, and nothing else.
  const silent = new Set<LiveHost>();
  await Promise.all(
    [...senders].map((sender) => sender.agent.mark({ text }).catch(() => void silent.add(sender))),
  );
  const seen = expected
    .filter(({ sender }) => !silent.has(sender))
    .map(({ observer, mac }) => observer.marked(text, mac));
  await orAfter(Promise.all(seen), LOST);
}

/** MACs of the cards that are up and have a carrier. */
async function pluggedCards(hosts: ReadonlyMap<string, LiveHost>): Promise<Set<string>> {
  const cards = await Promise.all([...hosts.values()].map(({ agent }) => agent.interfaces()));
  return new Set(cards.flat().flatMap(({ mac, carrier }) => (carrier ? [mac] : [])));
}

interface Expected {
  observer: CardCapture;
  sender: LiveHost;
  mac: string;
}

/** The hosts on the observer's network but those that are cut off from it, or unplugged. */
async function sendersFor(
  observer: CardCapture,
  hosts: ReadonlyMap<string, LiveHost>,
  plugged: ReadonlySet<string>,
): Promise<Expected[]> {
  const { card } = observer;
  if (!plugged.has(card.mac)) return [];
  const cut = (await hosts.get(card.host)?.agent.cutOff()) ?? [];
  return [...hosts.values()].flatMap((sender) =>
    sender.plan.interfaces
      .filter(({ network, mac }) => network === card.network && !cut.includes(mac) && plugged.has(mac))
      .map(({ mac }) => ({ observer, sender, mac })),
  );
}

async function orAfter(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
