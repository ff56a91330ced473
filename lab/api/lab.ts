/** A lab for a program or a test: up when `lab()` resolves, down when it is disposed. */

import { bePatient, read } from '../agent/patience.ts';
import { ENGINE_NAMES, type Engine, type EngineName, type OnConflict } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { LabError } from '../errors.ts';
import { meantBy, plugIn } from '../faults/cables.ts';
import { cut } from '../faults/cut.ts';
import type { Fault } from '../faults/fault.ts';
import { kill } from '../faults/kill.ts';
import { pause } from '../faults/pause.ts';
import { plug } from '../faults/plug.ts';
import { resume, resumeProgram } from '../faults/resume.ts';
import { start, startProgram } from '../faults/start.ts';
import { stop } from '../faults/stop.ts';
import { unplug } from '../faults/unplug.ts';
import { moveHost } from '../live/move.ts';
import { bringUpOn } from '../live/plan-on-engine.ts';
import type { LiveLab } from '../live/up.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { CableRecord } from '../outcomes/cable-record.ts';
import { type RunOptions, type RunResult, runSteps } from '../run/run.ts';
import { nearest } from '../scenario/hints/nearest.ts';
import { loadScenario, loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { breakAny, breakIt, type CutSide, type FaultyLab, type Made, repairIt } from './faults.ts';
import { Host } from './host.ts';
import { internals } from './internals.ts';
import type { OwnWord } from './own/define.ts';
import { capture, type Wire } from './wire.ts';
import { type WrittenFault, type WrittenScenario, yamlOf } from './written.ts';

export interface LabOptions {
  /** Default: the best that answers here. */
  engine?: EngineName | Engine;
  /** When it aborts, the lab goes down, and every pending call rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Where another lab has a subnet of this one: throw an error (the default), or wait until that lab is gone. */
  onConflict?: OnConflict;
  /**
   * A factor from 1 to 100 for every limit of time, of this process and from now on, for a slow machine. Default:
   * LANLAB_PATIENCE of the environment, or 1.
   */
  patience?: number;
  /** Words of your own, for this process from now on: the results of defineStep, defineExpectation, defineFault. */
  use?: readonly OwnWord[];
  /** Called with a line for each thing that is done while the lab comes up. */
  progress?(line: string): void;
}

/**
 * Brings a scenario up and does none of its steps. The scenario is the path of a file, relative to the working directory,
 * or the same as an object. Throws LabError: `scenario` with every mistake in it, `no-engine`, `image`, `program`…
 */
export async function lab(scenario: string | WrittenScenario, options: LabOptions = {}): Promise<Lab> {
  if (options.use) await useInLibrary(options.use);
  const read = await readScenario(scenario);
  const { signal = new AbortController().signal, progress = () => {}, onConflict = 'refuse' } = options;
  signal.throwIfAborted();
  if (options.patience !== undefined) setPatience(options.patience);
  const choice = await choose(options.engine);
  const live = await bringUpOn(choice.engine, read, { progress, signal, onConflict });
  return new Lab(read, live, choice, signal);
}

function setPatience(factor: number): void {
  if (read(String(factor)) === undefined)
    throw new LabError('usage', `patience is a factor from 1 to 100, found ${factor}`, {
      hint: 'write { patience: 3 }',
    });
  bePatient(factor);
}

/** Loaded only when it is needed, because words of the user's own import this very library. */
async function useInLibrary(words: readonly OwnWord[]): Promise<void> {
  const { useWords } = await import('./own/use.ts');
  useWords(words, '`use`');
}

async function readScenario(scenario: string | WrittenScenario): Promise<Scenario> {
  if (typeof scenario === 'string') return loadScenarioFile(scenario, vocabulary);
  return loadScenario(yamlOf(scenario), 'scenario', vocabulary);
}

async function choose(engine: LabOptions['engine']): Promise<Choice> {
  if (typeof engine === 'object') return { engine, report: { name: engine.name }, why: ['asked for'] };
  if (engine === undefined || ENGINE_NAMES.includes(engine)) return chooseEngine(engine);
  throw new LabError('usage', `no engine \`${engine}\``, { hint: `engines are ${ENGINE_NAMES.join(', ')}` });
}

export class Lab implements AsyncDisposable {
  /** The hosts, in the scenario's order. */
  readonly hosts: readonly Host[];
  readonly #scenario: Scenario;
  readonly #live: LiveLab;
  readonly #choice: Choice;
  readonly #signal: AbortSignal;
  #down: Promise<void> | undefined;
  readonly #made: Made[] = [];
  readonly #abort = () => void this.down().catch(() => {});

  constructor(scenario: Scenario, live: LiveLab, choice: Choice, signal: AbortSignal) {
    this.#scenario = scenario;
    this.#live = live;
    this.#choice = choice;
    this.#signal = signal;
    this.hosts = [...live.hosts.values()].map((host) => new Host(host, () => live.plan));
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** For this project's own tests: the agents themselves. */
  get [internals](): LiveLab {
    return this.#live;
  }

  /** The id by which everything that this lab made can be found. */
  get id(): string {
    return this.#live.id;
  }

  get engine(): EngineName {
    return this.#live.engine;
  }

  /** Every address, name and MAC as a literal. */
  get plan(): Plan {
    return this.#live.plan;
  }

  /** Throws LabError (`usage`) with the nearest name where there is no such host. */
  host(name: string): Host {
    const found = this.hosts.find((host) => host.name === name);
    if (found) return found;
    const names = this.hosts.map((host) => host.name);
    const meant = nearest(name, names);
    throw new LabError('usage', `no host \`${name}\` in ${this.plan.lab}; hosts are ${names.join(', ')}`, {
      hint: meant && `did you mean \`${meant}\`?`,
    });
  }

  /**
   * Loses frames between two hosts or groups (`net.cut('alice', 'echo')`; `all` is every other host), or one way
   * (`net.cut({ from: 'alice', to: 'echo' })`). The frames leave and do not arrive, until the cut is healed or disposed.
   */
  cut(one: CutSide, other: CutSide): Promise<Fault>;
  cut(way: { from: CutSide; to: CutSide }): Promise<Fault>;
  /** Splits machines of a lab over several: `net.cut({ nodes: ['a', 'b'] })`. */
  cut(machines: { nodes: readonly [CutSide, CutSide] }): Promise<Fault>;
  cut(
    one: CutSide | { from: CutSide; to: CutSide } | { nodes: readonly [CutSide, CutSide] },
    other?: CutSide,
  ): Promise<Fault> {
    return breakIt(cut, other === undefined ? one : [one, other], this.#faulty());
  }

  /**
   * Breaks something, written as under `fault` in a scenario: `net.fault({ loss: '30%', on: ['alice', 'echo'] })`. Throws
   * ScenarioErrors with every mistake in it.
   */
  fault(written: WrittenFault): Promise<Fault> {
    return breakAny(written, this.#faulty());
  }

  /** Pulls a host's cable out. Where it has several: all of them (`router`), or one (`router.office`). */
  unplug(cable: string): Promise<Fault> {
    return breakIt(unplug, cable, this.#faulty());
  }

  plug(cable: string): Promise<void> {
    return repairIt(plug, cable, this.#faulty(), (hosts) => plugIn(meantBy(cable, hosts)));
  }

  /** Asks a host's program to end (SIGTERM), and waits until it has. */
  stop(host: string): Promise<Fault> {
    return breakIt(stop, host, this.#faulty());
  }

  /** Ends a host's program at once (SIGKILL). */
  kill(host: string): Promise<Fault> {
    return breakIt(kill, host, this.#faulty());
  }

  /** Starts a host's program that has ended, and waits until it is ready. */
  start(host: string): Promise<void> {
    return repairIt(start, host, this.#faulty(), (hosts) => startProgram(hosts, host));
  }

  /** Makes a host's program stand still (SIGSTOP); the host's kernel goes on. */
  pause(host: string): Promise<Fault> {
    return breakIt(pause, host, this.#faulty());
  }

  resume(host: string): Promise<void> {
    return repairIt(resume, host, this.#faulty(), (hosts) => resumeProgram(hosts, host));
  }

  /**
   * Captures the frames at these hosts, or at every host where none is named, until the capture is disposed:
   * `await using wire = await net.capture('alice', 'echo')`. Resolves when the hosts are ready.
   */
  capture(...hosts: string[]): Promise<Wire> {
    const names =
      hosts.length > 0 ? hosts.map((name) => this.host(name).name) : this.hosts.map(({ name }) => name);
    return capture(this.#scenario, this.#live, names, new CableRecord(this.#live.hosts, this.#made));
  }

  #faulty(): FaultyLab {
    const { hosts, plan, network } = this.#live;
    const split = network.split?.bind(network);
    const move: FaultyLab['move'] = (one) => moveHost(this.#live, this.#scenario, one);
    const { engine } = this.#choice;
    return { scenario: this.#scenario, hosts, plan, move, split, made: this.#made, engine };
  }

  /** Does the scenario's own steps, as `lanlab run` does, and leaves the lab up. A failed step is in the result. */
  run(
    options: Pick<RunOptions, 'step' | 'strict' | 'capture'> & { signal?: AbortSignal } = {},
  ): Promise<RunResult> {
    const { engine, report, why } = this.#choice;
    const signal = options.signal ? AbortSignal.any([options.signal, this.#signal]) : this.#signal;
    return runSteps(this.#scenario, this.#live, { ...options, engine, chosen: { report, why }, signal });
  }

  /** Takes down everything that the lab made; the same as disposing it. */
  down(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#down ??= Promise.resolve(this.#live[Symbol.asyncDispose]());
    return this.#down;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }
}
