/** The verdicts and tallies of a lab's cables, gathered while steps run. A cable tells a verdict once: it is kept here. */
import type { Impairment, Stage, Verdict } from '../agent/protocol.ts';
import type { LiveHost } from '../live/host.ts';
import { linkOf } from '../model/link.ts';
import { printImpairment } from '../model/link-words.ts';
import type { CableTally, MadeFault } from './made-fault.ts';
import { isRefusal } from './refusal.ts';

/** A cable, named by the card of its host. */
interface OnCable {
  host: string;
  card: string;
}

export type CableVerdict = Verdict & OnCable;

/** Frames that a cable could not carry, although no link and no fault dropped them. */
export interface Missed extends OnCable {
  direction: 'out' | 'in';
  frames: number;
}

/** A cause of impaired frames in one direction: a link of the scenario, by its name, or the fault of a step. */
export interface Impairer {
  by: { link: string } | { step: number };
  /** `alice – echo`; for a link its network or its cable. */
  on: string;
  impairment: Impairment;
  /** Present where something is drawn at random and all cables have the same seed. */
  seed?: number | undefined;
}

export class CableRecord {
  readonly #hosts: ReadonlyMap<string, LiveHost>;
  readonly #faults: readonly MadeFault[];
  readonly verdicts: CableVerdict[] = [];
  /** The tallies of impairments that are not healed, from the last time that each host was asked. */
  readonly #tallies = new Map<string, CableTally[]>();
  readonly #missed = new Map<string, Missed[]>();
  /** Links that cables met before their hosts moved, with their tallies. */
  readonly #left: (OnCable & { stage: Stage; tallies: CableTally[] })[] = [];

  constructor(hosts: ReadonlyMap<string, LiveHost>, faults: readonly MadeFault[]) {
    this.#hosts = hosts;
    this.#faults = faults;
  }

  /** Asks every host whose cables are impaired, or were. A host that refuses to answer has told nothing; a bug rejects. */
  async ask(): Promise<void> {
    const concerned = [...this.#hosts.values()].filter((host) => this.#isConcerned(host));
    const asked = await Promise.allSettled(concerned.map((host) => this.#askOne(host)));
    for (const one of asked) if (one.status === 'rejected' && !isRefusal(one.reason)) throw one.reason;
  }

  /** Moves a host. The links that its cables do not meet any more keep their tallies. */
  async moving<T>(host: string, move: () => Promise<T>): Promise<T> {
    await this.ask();
    const before = this.#hosts.get(host)?.plan.interfaces ?? [];
    const told = this.#tallies.get(host) ?? [];
    const moved = await move();
    for (const [index, { name: card, link = [] }] of before.entries()) {
      const stay = this.#hosts.get(host)?.plan.interfaces[index]?.link ?? [];
      for (const stage of link.filter(({ id }) => !stay.some((one) => one.id === id))) {
        const tallies = told.filter((one) => one.stage === stage.id && one.card === card);
        this.#left.push({
          host,
          card,
          stage,
          tallies: tallies.filter((one) => one.direction === stage.direction),
        });
      }
    }
    this.#tallies.delete(host);
    return moved;
  }

  #isConcerned({ name, plan }: LiveHost): boolean {
    const linked = plan.interfaces.some(({ link }) => link !== undefined);
    return linked || this.#impaired().some(({ places }) => places.some(({ host }) => host === name));
  }

  async #askOne({ name: host, agent, clock }: LiveHost): Promise<void> {
    const { verdicts, tallies, missed } = await agent.accountOfCables();
    const here = <T extends { cable: string }>({ cable, ...one }: T) => ({ ...one, host, card: cable });
    const ahead = (clock?.ahead() ?? 0) / 1e9;
    this.verdicts.push(...verdicts.map((verdict) => here({ ...verdict, time: verdict.time - ahead })));
    this.#tallies.set(host, tallies.map(here));
    this.#missed.set(host, missed.map(here));
  }

  /** The tallies of links and of faults, also of healed ones. */
  get tallies(): CableTally[] {
    const healed = this.#impaired().flatMap(({ done }) => done);
    const over = new Set(healed.map(({ stage }) => stage));
    const left = this.#left.flatMap(({ tallies }) => tallies);
    const now = [...this.#tallies.values()].flat().filter(({ stage }) => !over.has(stage));
    return [...left, ...now, ...healed];
  }

  get missed(): Missed[] {
    return [...this.#missed.values()].flat();
  }

  /** The frames that were missed since `before` was read here. Hosts are asked first. */
  async missedSince(before: readonly Missed[]): Promise<Missed[]> {
    await this.ask();
    return this.missed.flatMap((one) => {
      const same = before.find(
        ({ host, card, direction }) => host === one.host && card === one.card && direction === one.direction,
      );
      const frames = one.frames - (same?.frames ?? 0);
      return frames > 0 ? [{ ...one, frames }] : [];
    });
  }

  /** The link or the fault behind a verdict or a tally; undefined where the fault is not of this run. */
  impairerOf({ stage, host, card, direction }: CableVerdict | CableTally): Impairer | undefined {
    for (const { fault, step } of this.#made()) {
      if (fault.broke.kind !== 'impaired' || fault.broke.id !== stage) continue;
      const { on, impairment, seed } = fault.broke;
      return { by: { step }, on, impairment, seed };
    }
    const cards = this.#hosts.get(host)?.plan.interfaces ?? [];
    const stages = cards.find(({ name }) => name === card)?.link ?? [];
    const left = this.#left.filter((one) => one.host === host && one.card === card);
    const all = [...stages, ...left.map(({ stage }) => stage)];
    const found = all.find((one) => one.id === stage && one.direction === direction);
    const link = linkOf(stage);
    return found && { by: { link }, on: link, impairment: found.impairment };
  }

  /** The links and faults that now impair every frame between this cable and a neighbour's card. */
  impairersOn({ host, card, direction }: OnCable & { direction: 'out' | 'in' }, peer: string): Impairer[] {
    const stages = this.#hosts.get(host)?.plan.interfaces.find(({ name }) => name === card)?.link ?? [];
    const links = stages.flatMap((stage): Impairer[] => {
      const link = linkOf(stage.id);
      return stage.direction === direction ? [{ by: { link }, on: link, impairment: stage.impairment }] : [];
    });
    const faults = this.#made().flatMap(({ fault, step }): Impairer[] => {
      if (fault.broke.kind !== 'impaired' || fault.healed || fault.broke.some) return [];
      const { on, impairment, seed, places } = fault.broke;
      const here = places.some((place) => {
        const same = place.host === host && place.card === card && place.direction === direction;
        return same && (place.peers?.includes(peer.toLowerCase()) ?? true);
      });
      return here ? [{ by: { step }, on, impairment, seed }] : [];
    });
    return [...links, ...faults];
  }

  #impaired() {
    return this.#made().flatMap(({ fault }) => (fault.broke.kind === 'impaired' ? [fault.broke] : []));
  }

  #made() {
    return this.#faults.flatMap((one) => (one.fault ? [one] : []));
  }
}

/** `step 1 (loss 30% on alice – echo, seed 7)`, `the link of lan (delay 20 ms, loss 10%)` */
export function printImpairer({ by, on, impairment, seed }: Impairer): string {
  const numbers = printImpairment(impairment);
  if ('link' in by) return `the link of ${by.link} (${numbers})`;
  return `step ${by.step} (${numbers} on ${on}${seed === undefined ? '' : `, seed ${seed}`})`;
}

/** `3 frames from alice (eth0)` */
export function printMissed({ host, card, direction, frames }: Missed): string {
  return `${frames === 1 ? '1 frame' : `${frames} frames`} ${direction === 'out' ? 'from' : 'to'} ${host} (${card})`;
}
