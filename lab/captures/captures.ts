/**
 * The captures of a lab while its steps are done: the hosts that capture, and all frames so far as one timeline.
 * A capture is ready before a step begins. It is complete, or its losses are listed.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Handle } from '../agent/protocol.ts';
import type { Clocks } from '../clocks/clocks.ts';
import { isLost } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import type { PlannedHost } from '../model/planned.ts';
import type { WireView } from '../outcomes/context.ts';
import { type Followed, followTcp } from '../wire/conversations/follow.ts';
import type { Captured } from '../wire/frame.ts';
import { Timeline } from '../wire/merge.ts';
import type { Card, SeenFrame } from '../wire/timeline.ts';
import { passBarrier } from './barrier.ts';
import { type CardCapture, captureCard, cardOf } from './card.ts';
import { type Loss, Losses } from './losses.ts';
import { PlannedNames } from './names.ts';
import { OneClock } from './one-clock.ts';
import { roomOf } from './room.ts';
import { viewFrom } from './view.ts';

/** The most frames and bytes that are kept, of all hosts together. Later frames are missing until the run ends. */
export interface KeptMost {
  frames: number;
  bytes: number;
}
const KEPT_MOST: KeptMost = { frames: 400_000, bytes: 384 * 1024 * 1024 };

/** Milliseconds that a step waits at most because the clocks of machines are not known better. */
const LONGEST_QUIET = 1000;

/** Everything that was captured, as plain data: `card` of a frame is the place of its card in `cards`. */
export interface CapturedRun {
  cards: Card[];
  frames: Captured[];
  /** Empty where no frame is missing. */
  losses: Loss[];
  /** Lines of SSLKEYLOGFILE for conversations over TLS (RFC 9850), where they are known. */
  keys?: readonly string[];
}

export class Captures {
  readonly #hosts: ReadonlyMap<string, LiveHost>;
  readonly #running = new Map<string, CardCapture[]>();
  /** Hosts whose cards compute no checksums and cut no segments, while something captures. */
  readonly #offload = new Map<string, { handle: Handle }>();
  readonly #cards: Card[] = [];
  /** The place of each card in `#cards`, by its MAC. */
  readonly #places = new Map<string, number>();
  readonly #kept: Captured[] = [];
  #bytes = 0;
  readonly #most: KeptMost;
  /** The reason that no more frames are kept, of any host; undefined as long as there is room. */
  #full: string | undefined;
  readonly #losses = new Losses();
  #waiting: (() => void)[] = [];
  #followed: { of: readonly SeenFrame[]; as: Followed } | undefined;
  timeline = new Timeline();
  /** Puts stamps of several machines on our clock; absent where all hosts have ours. */
  readonly #clock: OneClock | undefined;
  readonly names: PlannedNames;
  /** Of each host, as it was last looked at. */
  readonly #plans: Map<string, PlannedHost>;

  readonly #whole: string[] = [];

  /** The hosts of `whole` capture from the first step to the last, where they can. */
  constructor(
    hosts: ReadonlyMap<string, LiveHost>,
    whole: readonly string[],
    most = KEPT_MOST,
    clocks?: Clocks,
  ) {
    this.#hosts = hosts;
    this.#most = most;
    this.#clock = clocks && new OneClock(clocks);
    this.#plans = new Map([...hosts.values()].map(({ name, plan }) => [name, plan]));
    this.names = new PlannedNames(this.#plans.values());
    for (const name of whole) {
      const capture = hosts.get(name)?.capabilities.capture;
      if (capture === true) this.#whole.push(name);
      else this.#losses.add({ host: name, what: `${capture?.why}; ${capture?.hint}` });
    }
  }

  /**
   * Makes captures at these hosts ready for one step. They go on where a later step needs them (`later`) or the whole
   * run is captured. Returns the wire from now on; undefined where nothing is captured.
   */
  async watch(hosts: readonly string[], later: readonly string[]): Promise<WireView | undefined> {
    this.#learnAll();
    await this.#only([...this.#whole, ...later]);
    await this.#at([...this.#whole, ...hosts]);
    await this.#clock?.ask();
    this.#settle();
    this.#clock?.begin(this.#kept.length);
    if (this.#running.size === 0) return undefined;
    const began = await quietMoment(this.#clock?.uncertainty ?? 0);
    return viewFrom(this, began, this.#clock?.since(began));
  }

  /** Hosts that capture now. */
  get hosts(): string[] {
    return [...this.#running.keys()];
  }

  get cards(): readonly Card[] {
    return this.#cards;
  }

  get losses(): readonly Loss[] {
    return this.#losses.all;
  }

  /** Resolves when each of these hosts captures on all of its cards. Captures that already run go on. */
  async #at(hosts: readonly string[]): Promise<void> {
    const more = [...new Set(hosts)].filter((name) => !this.#running.has(name));
    if (more.length > 0) await this.#plain(more);
    const room = roomOf(this.#cardsOf([...this.#running.keys(), ...more]));
    await Promise.all(
      more.map(async (name) => {
        const host = this.#hosts.get(name);
        if (!host) throw new Error(`no host ${name} to capture at`);
        const taking = {
          frame: (card: Card, captured: Captured) => this.#take(card, captured),
          missing: (card: Card, what: string) => this.#missing(card, what),
          lost: (card: Card, why: string) => this.#lost(card, why),
        };
        for (const planned of host.plan.interfaces) this.#known(cardOf(host, planned));
        try {
          const cards = host.plan.interfaces.map((one) => captureCard(host, one, taking, '', room));
          this.#running.set(name, await allOrNone(cards));
        } catch (error) {
          this.#losses.add({ host: name, what: error instanceof Error ? error.message : String(error) });
        }
      }),
    );
  }

  #cardsOf(hosts: readonly string[]): number {
    return hosts.reduce((sum, name) => sum + (this.#hosts.get(name)?.plan.interfaces.length ?? 0), 0);
  }

  /** Turns off offload at each host on a captured network, so that captured frames are as they are on the wire. */
  async #plain(hosts: readonly string[]): Promise<void> {
    const networks = new Set(hosts.flatMap((name) => networksOf(this.#hosts.get(name))));
    const more = [...this.#hosts.values()].filter(
      (host) =>
        host.capabilities.offload === true &&
        !this.#offload.has(host.name) &&
        networksOf(host).some((network) => networks.has(network)),
    );
    await exceptLost(more.map(async ({ name, agent }) => this.#offload.set(name, await agent.offloadOff())));
  }

  async #give(): Promise<void> {
    const held = [...this.#offload];
    this.#offload.clear();
    await exceptLost(held.map(async ([name, request]) => this.#hosts.get(name)?.agent.close(request)));
  }

  /** Stops all captures except those at these hosts. */
  async #only(hosts: readonly string[]): Promise<void> {
    await this.#stop(this.hosts.filter((name) => !hosts.includes(name)));
  }

  /** Every TCP conversation so far; worked out again only where there are more frames. */
  followed(): Followed {
    const frames = this.timeline.frames();
    if (this.#followed?.of !== frames)
      this.#followed = { of: frames, as: followTcp(frames, { captured: this.#cards }) };
    return this.#followed.as;
  }

  /**
   * Resolves when every frame that these hosts' kernels have received is in the timeline: with undefined, or with the
   * losses in words since `began` (milliseconds since the Unix epoch).
   */
  async drain(hosts: readonly string[] = this.hosts, began = 0): Promise<string | undefined> {
    await Promise.all([
      this.#clock?.ask(),
      ...this.#of(hosts).map((capture) =>
        capture.drain().catch((error: unknown) => this.#missing(capture.card, String(error))),
      ),
    ]);
    this.#settle();
    const lost = this.#losses.of(hosts, began) ?? this.#full;
    const deaf = hosts.find((name) => !this.#running.has(name));
    return lost ?? (deaf === undefined ? undefined : `${deaf}: nothing is captured there`);
  }

  /** As `drain`, when all frames sent in the lab before have arrived at these hosts. The result can be why some have not. */
  async barrier(hosts: readonly string[], began = 0): Promise<string | undefined> {
    this.#learnAll();
    const unproven = await passBarrier(this.#of(hosts), this.#hosts);
    const missing = await this.drain(hosts, began);
    return missing ?? unproven;
  }

  /** Resolves when there are more frames than now, or `deadline` (performance.now()) has passed. */
  async more(deadline: number): Promise<void> {
    const left = deadline - performance.now();
    if (left <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, left);
    this.#waiting.push(resolve);
    await promise;
    clearTimeout(timer);
  }

  async stop(): Promise<CapturedRun> {
    await this.#stop(this.hosts);
    this.#settle();
    return this.taken();
  }

  /** Puts the frames of this step in another order where they show that the clocks of machines are otherwise apart. */
  #settle(): void {
    if (!this.#clock?.settle(this.#kept, this.#cards, this.timeline.frames())) return;
    this.timeline = new Timeline();
    for (const captured of this.#kept) this.timeline.add(this.#cards[captured.card]!, captured);
  }

  taken(): CapturedRun {
    return { cards: [...this.#cards], frames: [...this.#kept], losses: [...this.losses] };
  }

  async #stop(hosts: readonly string[]): Promise<void> {
    const stopping = this.#of(hosts);
    for (const name of hosts) this.#running.delete(name);
    await Promise.all(
      stopping.map((capture) =>
        capture.stop().catch((error: unknown) => this.#missing(capture.card, String(error))),
      ),
    );
    if (this.#running.size === 0) await this.#give();
  }

  #of(hosts: readonly string[]): CardCapture[] {
    return hosts.flatMap((name) => this.#running.get(name) ?? []);
  }

  #known(card: Card): void {
    if (this.#places.has(card.mac)) return;
    this.#places.set(card.mac, this.#cards.length);
    this.#cards.push(card);
  }

  #learnAll(): void {
    for (const host of this.#hosts.values()) this.#learn(host);
  }

  /** Frames from now on are of the network to which a host has moved. */
  #learn({ name, plan }: LiveHost): void {
    if (this.#plans.get(name) === plan) return;
    this.#plans.set(name, plan);
    this.names.learn(plan);
    for (const planned of plan.interfaces) {
      const card = cardOf({ name }, planned);
      const place = this.#places.get(card.mac);
      if (place === undefined || isDeepStrictEqual(this.#cards[place], card)) continue;
      this.#places.set(card.mac, this.#cards.length);
      this.#cards.push(card);
      for (const capture of this.#of([name]))
        if (capture.card.mac === card.mac) Object.assign(capture.card, card);
    }
  }

  #take(card: Card, captured: Captured): void {
    const host = this.#hosts.get(card.host);
    if (host) this.#learn(host);
    if (this.#kept.length >= this.#most.frames || this.#bytes >= this.#most.bytes) {
      this.#full ??= `only the run's first ${this.#kept.length} frames are kept, at all hosts together`;
      this.#losses.add({ host: card.host, what: this.#full });
      return;
    }
    if (captured.bytes.length < captured.length) this.#missing(card, 'frames longer than the MTU were cut');
    const index = this.#places.get(card.mac)!;
    this.#bytes += captured.bytes.length;
    const kept = { ...(this.#clock?.stamped(card.host, captured) ?? captured), card: index };
    this.#kept.push(kept);
    this.timeline.add(this.#cards[index]!, kept);
    this.#wake();
  }

  #missing({ host, name }: Card, what: string): void {
    this.#losses.add({ host, card: name, what });
  }

  /** The capture is started again for the next step that needs it. */
  #lost(card: Card, why: string): void {
    this.#missing(card, why);
    const left = this.#running.get(card.host);
    this.#running.delete(card.host);
    for (const capture of left ?? []) if (capture.card.mac !== card.mac) void capture.stop().catch(() => {});
    this.#wake();
  }

  #wake(): void {
    if (this.#waiting.length > 0) for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Where one card of a host cannot be captured, no card of it is. */
async function allOrNone(starting: readonly Promise<CardCapture>[]): Promise<CardCapture[]> {
  const started = await Promise.allSettled(starting);
  const refused = started.find((one) => one.status === 'rejected');
  if (!refused) return Promise.all(starting);
  await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  throw refused.reason;
}

/** A host whose machine is gone stands in nobody's way. */
async function exceptLost(work: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(work))
    if (one.status === 'rejected' && !isLost(one.reason)) throw one.reason;
}

function networksOf(host: LiveHost | undefined): string[] {
  return host?.plan.interfaces.map(({ network }) => network) ?? [];
}

/**
 * Resolves with a moment, when it has passed. Frames that a kernel stamped before this call are of an earlier step, later ones
 * of this one. Each stamp may be wrong by so many nanoseconds: so the moment is that long after now, and that long over.
 */
async function quietMoment(error: number): Promise<number> {
  const apart = Math.min(LONGEST_QUIET, error / 1e6);
  const moment = Math.floor(Date.now() + apart) + 1;
  while (Date.now() < moment + apart) await new Promise(setImmediate);
  return moment;
}
