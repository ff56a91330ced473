/**
 * The clocks of the machines of one lab, beside the clock of this process. Each machine is asked for its time again and again, and
 * frames that two machines have seen say more. Stamps are put on our clock with offsets that agree with all of it.
 */
import { type Reading, readClock } from '../agent/wall-clock.ts';
import { Bounds, DRIFT, type Interval } from './bounds.ts';
import type { Message } from './messages.ts';

/** The name of our own clock: no machine has it. */
const OURS = '';
/** How often each machine is asked at first, and later: the fastest answer bounds best. */
const FIRST = 8;
const LATER = 2;
/** Milliseconds in which machines have to answer. A later answer still counts, and would bound poorly. */
const ANSWERS_WITHIN = 1000;
/** Clocks with the same offsets may contradict by so many nanoseconds: the halves of numbers are rounded. */
const ROUNDED = 1;

/** Asks a machine for its time. */
export type AskMachine = (machine: string) => Promise<Reading>;

/** Two machines, how far the clock of the second is ahead, and how wrong that may be, in milliseconds. */
export interface ClockPair {
  machines: [string, string];
  ahead: number;
  uncertainty: number;
}

/** By machine: the nanoseconds by which its clock is ahead of ours. None is missing but those that nobody knows. */
export type Offsets = ReadonlyMap<string, number>;

/** The clock of one host's machine. */
export interface HostClock {
  /** Nanoseconds by which it is ahead of ours. */
  ahead(): number;
  /** Nanoseconds by which that may be wrong. */
  uncertainty(): number;
}

export class Clocks {
  /** By host: its machine. */
  readonly #machineOf: ReadonlyMap<string, string>;
  readonly #machines: readonly string[];
  readonly #ask: AskMachine;
  readonly #bounds: Bounds;
  #offsets: Offsets = new Map();
  /** By machine: when its clock was last found to be set, as a time of `performance.now()`. */
  readonly #setAt = new Map<string, number>();
  /** Machines that have not answered yet. */
  readonly #asking = new Set<string>();
  #asked = false;

  constructor(machineOf: ReadonlyMap<string, string>, ask: AskMachine) {
    this.#machineOf = machineOf;
    this.#machines = [...new Set(machineOf.values())].sort();
    this.#ask = ask;
    this.#bounds = new Bounds([OURS, ...this.#machines]);
  }

  machineOf(host: string): string {
    return this.#machineOf.get(host) ?? OURS;
  }

  /**
   * Asks every machine for its time, except those that still owe an answer. One that does not answer keeps the bounds that it has,
   * and nobody waits long for it. Offsets change in `learn`, and after the first answers.
   */
  async ask(): Promise<void> {
    const isFirst = !this.#asked;
    this.#asked = true;
    const free = this.#machines.filter((machine) => !this.#asking.has(machine));
    await orAfter(Promise.all(free.map((machine) => this.#askFor(machine, isFirst ? FIRST : LATER))));
    if (isFirst) this.#agree();
  }

  async #askFor(machine: string, times: number): Promise<void> {
    this.#asking.add(machine);
    await this.#compare(machine, times).catch(() => {});
    this.#asking.delete(machine);
  }

  async #compare(machine: string, times: number): Promise<void> {
    for (let left = times; left > 0; left--) {
      const sent = readClock();
      const there = await this.#ask(machine);
      const received = readClock();
      this.#bounds.age(performance.now());
      const most = (there.most - sent.least) * 1000;
      const least = (there.least - received.most) * 1000;
      if (this.#boundBoth(machine, most, least)) continue;
      this.#bounds.forget(machine);
      this.#setAt.set(machine, performance.now());
      this.#boundBoth(machine, most, least);
    }
  }

  #boundBoth(machine: string, most: number, least: number): boolean {
    return this.#bounds.add(OURS, machine, most) && this.#bounds.add(machine, OURS, -least);
  }

  /** The offsets by which stamps are put on our clock. A new map where they have changed. */
  get offsets(): Offsets {
    return this.#offsets;
  }

  /** Learns from frames that two machines have seen, with stamps that these offsets have put on our clock. */
  learn(messages: Iterable<Message>, used: Offsets): void {
    this.#bounds.age(performance.now());
    for (const { from, to, took } of messages) {
      const [one, other] = [this.machineOf(from), this.machineOf(to)];
      if (one !== other) this.#bounds.add(one, other, took + aheadOf(other, used) - aheadOf(one, used));
    }
    this.#agree();
  }

  /** Changes the offsets only where a bound says that they are wrong. */
  #agree(): void {
    const names = [OURS, ...this.#machines];
    const isWrong = (one: string, other: string) =>
      aheadOf(other, this.#offsets) - aheadOf(one, this.#offsets) >
      this.#bounds.between(one, other).most + ROUNDED;
    if (!names.some((one) => names.some((other) => isWrong(one, other)))) return;
    this.#offsets = new Map([...this.#bounds.middle()].filter(([, ahead]) => Number.isFinite(ahead)));
  }

  of(host: string): HostClock {
    const machine = this.machineOf(host);
    return {
      ahead: () => aheadOf(machine, this.#offsets),
      uncertainty: () => largest(this.#errorOf(OURS, machine, this.#offsets)),
    };
  }

  /**
   * The nanoseconds to add to the time between two stamps of these hosts, the second less the first, for the true one. `used` has
   * put the stamps on our clock, and `age` is their age in milliseconds. On one machine that is nothing.
   */
  error(one: string, other: string, age: number, used: Offsets): Interval {
    const [from, to] = [this.machineOf(one), this.machineOf(other)];
    if (from === to) return { least: 0, most: 0 };
    if (this.#wasSet(from, age) || this.#wasSet(to, age))
      return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
    const { least, most } = this.#errorOf(from, to, used);
    return { least: least - age * DRIFT, most: most + age * DRIFT };
  }

  #wasSet(machine: string, age: number): boolean {
    return performance.now() - (this.#setAt.get(machine) ?? Number.NEGATIVE_INFINITY) <= age;
  }

  #errorOf(one: string, other: string, used: Offsets): Interval {
    const { least, most } = this.#bounds.between(one, other);
    const ahead = aheadOf(other, used) - aheadOf(one, used);
    return { least: ahead - most, most: ahead - least };
  }

  /** Nanoseconds by which a stamp that was put on our clock may be wrong, of any machine. */
  get uncertainty(): number {
    const errors = this.#machines.map((machine) => largest(this.#errorOf(OURS, machine, this.#offsets)));
    return Math.max(0, ...errors);
  }

  /** Every pair of machines that could be compared; none where all hosts are on one. */
  pairs(): ClockPair[] {
    return this.#machines.flatMap((one, index) =>
      this.#machines.slice(index + 1).flatMap((other): ClockPair[] => {
        const { least, most } = this.#bounds.between(one, other);
        const uncertainty = (most - least) / 2e6;
        if (!Number.isFinite(uncertainty)) return [];
        return [{ machines: [one, other], ahead: (most + least) / 2e6, uncertainty }];
      }),
    );
  }
}

async function orAfter(work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ANSWERS_WITHIN);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

function aheadOf(machine: string, offsets: Offsets): number {
  return offsets.get(machine) ?? 0;
}

function largest({ least, most }: Interval): number {
  return Math.max(Math.abs(least), Math.abs(most));
}
