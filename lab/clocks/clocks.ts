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
  /** Nanoseconds by which each clock is ahead of ours, as stamps are put on our clock now. */
  readonly #ahead = new Map<string, number>();
  /** Machines whose clock was set since `begin`. */
  readonly #set = new Set<string>();
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

  /** Asks every machine for its time. One that does not answer keeps the bounds that it has. Offsets change in `learn`. */
  async ask(): Promise<void> {
    const isFirst = !this.#asked;
    this.#asked = true;
    const times = isFirst ? FIRST : LATER;
    await Promise.all(this.#machines.map((machine) => this.#askOne(machine, times).catch(() => {})));
    if (isFirst) this.#agree();
  }

  async #askOne(machine: string, times: number): Promise<void> {
    for (let left = times; left > 0; left--) {
      const sent = readClock();
      const there = await this.#ask(machine);
      const received = readClock();
      this.#bounds.age(performance.now());
      const most = (there.most - sent.least) * 1000;
      const least = (there.least - received.most) * 1000;
      if (this.#boundBoth(machine, most, least)) continue;
      this.#bounds.forget(machine);
      this.#set.add(machine);
      this.#boundBoth(machine, most, least);
    }
  }

  #boundBoth(machine: string, most: number, least: number): boolean {
    return this.#bounds.add(OURS, machine, most) && this.#bounds.add(machine, OURS, -least);
  }

  /** From now on stamps are of a new step: offsets may change, and the stamps before stay as they are. */
  begin(): void {
    this.#set.clear();
  }

  /**
   * Learns from frames that two machines have seen, whose stamps are on our clock. Returns by how many nanoseconds less each
   * machine is ahead than stamps since `begin` were taken to be; undefined where they can stay.
   */
  learn(messages: Iterable<Message>): ReadonlyMap<string, number> | undefined {
    const before = new Map(this.#ahead);
    this.#bounds.age(performance.now());
    for (const { from, to, took } of messages) {
      const [one, other] = [this.machineOf(from), this.machineOf(to)];
      if (one !== other) this.#bounds.add(one, other, took + this.#aheadOf(other) - this.#aheadOf(one));
    }
    if (!this.#agree()) return undefined;
    return new Map(this.#machines.map((name) => [name, (before.get(name) ?? 0) - this.#aheadOf(name)]));
  }

  /** Changes the offsets only where a bound says that they are wrong. */
  #agree(): boolean {
    const names = [OURS, ...this.#machines];
    const wrong = names.some((one) =>
      names.some(
        (other) =>
          this.#aheadOf(other) - this.#aheadOf(one) > this.#bounds.between(one, other).most + ROUNDED,
      ),
    );
    if (!wrong) return false;
    for (const [machine, ahead] of this.#bounds.middle())
      if (Number.isFinite(ahead)) this.#ahead.set(machine, ahead);
    return true;
  }

  #aheadOf(machine: string): number {
    return this.#ahead.get(machine) ?? 0;
  }

  of(host: string): HostClock {
    const machine = this.machineOf(host);
    return {
      ahead: () => this.#aheadOf(machine),
      uncertainty: () => largest(this.#errorOf(OURS, machine)),
    };
  }

  /**
   * The nanoseconds to add to the time between two stamps of these hosts, the second less the first, for the true one. `age` is
   * the age of the stamps in milliseconds. On one machine that is nothing.
   */
  error(one: string, other: string, age: number): Interval {
    const [from, to] = [this.machineOf(one), this.machineOf(other)];
    if (from === to) return { least: 0, most: 0 };
    if (this.#set.has(from) || this.#set.has(to))
      return { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
    const { least, most } = this.#errorOf(from, to);
    return { least: least - age * DRIFT, most: most + age * DRIFT };
  }

  #errorOf(one: string, other: string): Interval {
    const { least, most } = this.#bounds.between(one, other);
    const ahead = this.#aheadOf(other) - this.#aheadOf(one);
    return { least: ahead - most, most: ahead - least };
  }

  /** Nanoseconds by which a stamp that was put on our clock may be wrong, of any machine. */
  get uncertainty(): number {
    return Math.max(0, ...this.#machines.map((machine) => largest(this.#errorOf(OURS, machine))));
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

function largest({ least, most }: Interval): number {
  return Math.max(Math.abs(least), Math.abs(most));
}
