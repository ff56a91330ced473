/** What the cables of a lab say that they did to frames, gathered while steps run: a verdict is told once, and kept here. */
import type { Impairment, Verdict } from '../agent/protocol.ts';
import type { LiveHost } from '../live/host.ts';
import { printImpairment } from '../model/link-words.ts';
import type { CableTally, MadeFault } from './made-fault.ts';

/** A cable is the one of a host's card. */
interface OnCable {
  host: string;
  card: string;
}

export type CableVerdict = Verdict & OnCable;

/** Frames that a cable could not carry, though nobody decided that they are lost. */
export interface Missed extends OnCable {
  direction: 'out' | 'in';
  frames: number;
}

/** Who impairs the frames of one direction: a link of the scenario, by its name, or the fault of a step. */
export interface Impairer {
  by: { link: string } | { step: number };
  /** `alice – echo`; of a link its network or its cable. */
  on: string;
  impairment: Impairment;
  /** Where something is drawn at random, and every cable draws alike. */
  seed?: number | undefined;
}

export class CableRecord {
  readonly #hosts: ReadonlyMap<string, LiveHost>;
  readonly #faults: readonly MadeFault[];
  readonly verdicts: CableVerdict[] = [];
  /** Of what stands, as of when each host was last asked. */
  readonly #tallies = new Map<string, CableTally[]>();
  readonly #missed = new Map<string, Missed[]>();

  constructor(hosts: ReadonlyMap<string, LiveHost>, faults: readonly MadeFault[]) {
    this.#hosts = hosts;
    this.#faults = faults;
  }

  /** Asks every host whose cables are impaired, or were. A host that does not answer has told nothing. */
  async ask(): Promise<void> {
    const concerned = [...this.#hosts.values()].filter((host) => this.#isConcerned(host));
    await Promise.allSettled(concerned.map((host) => this.#askOne(host)));
  }

  #isConcerned({ name, plan }: LiveHost): boolean {
    const linked = plan.interfaces.some(({ link }) => link !== undefined);
    return linked || this.#impaired().some(({ places }) => places.some(({ host }) => host === name));
  }

  async #askOne({ name: host, agent }: LiveHost): Promise<void> {
    const { verdicts, tallies, missed } = await agent.toldByCables();
    const here = <T extends { cable: string }>({ cable, ...one }: T) => ({ ...one, host, card: cable });
    this.verdicts.push(...verdicts.map(here));
    this.#tallies.set(host, tallies.map(here));
    this.#missed.set(host, missed.map(here));
  }

  /** Of links and of faults, also of those that are healed. */
  get tallies(): CableTally[] {
    const healed = this.#impaired().flatMap(({ done }) => done);
    const over = new Set(healed.map(({ stage }) => stage));
    return [...[...this.#tallies.values()].flat().filter(({ stage }) => !over.has(stage)), ...healed];
  }

  get missed(): Missed[] {
    return [...this.#missed.values()].flat();
  }

  /** Whose doing it was; undefined where a fault is none of the run's. */
  impairerOf({ stage, host, card, direction }: CableVerdict | CableTally): Impairer | undefined {
    for (const { fault, step } of this.#faults.flatMap((made) => (made.fault ? [made] : []))) {
      if (fault.broke.kind !== 'impaired' || fault.broke.id !== stage) continue;
      const { on, impairment, seed } = fault.broke;
      return { by: { step }, on, impairment, seed };
    }
    const cards = this.#hosts.get(host)?.plan.interfaces ?? [];
    const stages = cards.find(({ name }) => name === card)?.link ?? [];
    const found = stages.find((one) => one.id === stage && one.direction === direction);
    const link = stage.replace(/^link /, '');
    return found && { by: { link }, on: link, impairment: found.impairment };
  }

  #impaired() {
    return this.#faults.flatMap(({ fault }) => (fault?.broke.kind === 'impaired' ? [fault.broke] : []));
  }
}

/** `step 1 (loss 30% on alice – echo, seed 7)`, `the link of lan (delay 20 ms, loss 10%)` */
export function printImpairer({ by, on, impairment, seed }: Impairer): string {
  const numbers = printImpairment(impairment);
  if ('link' in by) return `the link of ${by.link} (${numbers})`;
  return `step ${by.step} (${numbers} on ${on}${seed === undefined ? '' : `, seed ${seed}`})`;
}
