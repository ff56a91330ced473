/**
 * A barrier in the stream of frames. Every host that shares a network with an observer sends a mark. When the
 * observer has seen this mark, it has seen all earlier frames of that host too. Marks are taken out of captures again.
 * A router hands no mark on. So routers on the way to an observer watch for marks too. When they have seen the marks
 * of all hosts, they send marks of their own, which come after the frames that they forwarded.
 */

import { randomUUID } from 'node:crypto';
import { patient } from '../agent/patience.ts';
import type { LiveHost } from '../live/host.ts';
import { type CardCapture, captureCard } from './card.ts';
import { MARKS_ONLY, waysTo } from './relays.ts';
import { LEAST_ROOM } from './room.ts';

/**
 * Milliseconds in which a mark has to come; without the mark nothing is certain. It takes far less, except on a
 * machine that has too much to do.
 */
const LOST = 5000;

/** The reason that some frames may not have passed; undefined where all have. */
export async function passBarrier(
  observers: readonly CardCapture[],
  hosts: ReadonlyMap<string, LiveHost>,
): Promise<string | undefined> {
  const { routers, longest } = waysTo(
    observers.map(({ card }) => card),
    [...hosts.values()].map(({ plan }) => plan),
  );
  const capturing = new Set(observers.map(({ card }) => card.host));
  const relays = await relaysAt(routers.flatMap((name) => (capturing.has(name) ? [] : hosts.get(name)!)));
  try {
    // Each round proves the frames of one router more on the way.
    for (let round = 0; round <= longest; round++) {
      const unproven = await passMarks([...observers, ...relays], hosts);
      if (unproven !== undefined) return unproven;
    }
    return undefined;
  } finally {
    await Promise.all(relays.map((relay) => relay.stop()));
  }
}

/** Captures of marks alone, on all cards of those of these hosts that can capture. */
async function relaysAt(routers: readonly LiveHost[]): Promise<CardCapture[]> {
  const able = routers.filter(({ capabilities }) => capabilities.capture === true);
  const nothing = { frame: () => {}, lost: () => {} };
  const cards = able.flatMap((router) => router.plan.interfaces.map((card) => ({ router, card })));
  return Promise.all(
    cards.map(({ router, card }) => captureCard(router, card, nothing, MARKS_ONLY, LEAST_ROOM)),
  );
}

async function passMarks(
  observers: readonly CardCapture[],
  hosts: ReadonlyMap<string, LiveHost>,
): Promise<string | undefined> {
  const text = `lanlab ${randomUUID()}`;
  const near = nearTo(observers, hosts);
  const plugged = await pluggedCards(near);
  if (typeof plugged === 'string') return plugged;
  const expected = (await Promise.all(observers.map((one) => sendersFor(one, near, plugged)))).flat();
  const senders = [...new Set(expected.map(({ sender }) => sender))];
  const silent = new Map<LiveHost, string>();
  await Promise.all(
    senders.map((sender) =>
      sender.agent
        .mark({ text: textOf(sender, text) })
        .catch((error: Error) => void silent.set(sender, error.message)),
    ),
  );
  const [refused] = silent;
  if (refused)
    return `${refused[0].name} lets no mark out (${refused[1]}): what it sends may still be coming`;
  const waiting = new Set(expected);
  const seen = expected.map(async (one) => {
    await one.observer.marked(textOf(one.sender, text));
    waiting.delete(one);
  });
  await orAfter(Promise.all(seen), patient(LOST));
  const [missed] = waiting;
  if (!missed) return undefined;
  const { sender, observer } = missed;
  return `no mark of ${sender.name} came to ${observer.card.host} in ${patient(LOST) / 1000} s: what it sent may still be coming`;
}

/** The text of a host's mark, with its name: a host may have any MAC, so the MAC does not tell the sender. */
function textOf({ name }: LiveHost, text: string): string {
  return `${text} ${name}`;
}

/** Hosts with a card on an observed network: frames of any other host come there only by a router. */
function nearTo(
  observers: readonly CardCapture[],
  hosts: ReadonlyMap<string, LiveHost>,
): Map<string, LiveHost> {
  const networks = new Set(observers.map(({ card }) => card.network));
  return new Map(
    [...hosts].filter(([, { plan }]) => plan.interfaces.some(({ network }) => networks.has(network))),
  );
}

/** The planned MACs of cards that are up and have a carrier; or the reason that this is not known. */
async function pluggedCards(hosts: ReadonlyMap<string, LiveHost>): Promise<Set<string> | string> {
  const asked = await Promise.allSettled([...hosts.values()].map(({ agent }) => agent.carriers()));
  const silent = asked.findIndex(({ status }) => status === 'rejected');
  if (silent >= 0) {
    const { reason } = asked[silent] as PromiseRejectedResult;
    const name = [...hosts.keys()][silent];
    return `${name} does not say which of its cables are plugged in (${(reason as Error).message}): what it sent may still be coming`;
  }
  const found = [...hosts.values()].flatMap(({ plan }, index) => {
    const one = asked[index]!;
    const plugged = one.status === 'fulfilled' ? one.value : [];
    return plan.interfaces.filter(({ name }) => plugged.includes(name)).map(({ mac }) => mac);
  });
  return new Set(found);
}

interface Expected {
  observer: CardCapture;
  sender: LiveHost;
}

/** The hosts on the observer's network, except those that are cut off from it, or unplugged. */
async function sendersFor(
  observer: CardCapture,
  hosts: ReadonlyMap<string, LiveHost>,
  plugged: ReadonlySet<string>,
): Promise<Expected[]> {
  const { card } = observer;
  if (!plugged.has(card.mac)) return [];
  const cut = (await hosts.get(card.host)?.agent.cutOff()) ?? [];
  return [...hosts.values()].flatMap((sender) =>
    sender.plan.interfaces.some(
      ({ network, mac }) => network === card.network && !cut.includes(mac) && plugged.has(mac),
    )
      ? [{ observer, sender }]
      : [],
  );
}

async function orAfter(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
