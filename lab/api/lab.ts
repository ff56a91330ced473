/** A lab for a program or a test: up when `lab()` resolves, down when it is disposed. */
import { ENGINE_NAMES, type Engine, type EngineName } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { LabError } from '../errors.ts';
import { planOn } from '../plan-on.ts';
import { type RunOptions, type RunResult, runSteps } from '../run.ts';
import { loadScenario, loadScenarioFile } from '../scenario/load.ts';
import { nearest } from '../scenario/nearest.ts';
import type { Plan } from '../scenario/planned.ts';
import type { Scenario } from '../scenario/types.ts';
import { bringUp, type LiveLab } from '../up.ts';
import { vocabulary } from '../vocabulary.ts';
import { Host } from './host.ts';
import { type WrittenScenario, yamlOf } from './written.ts';

export interface LabOptions {
  /** Default: the best that answers here. */
  engine?: EngineName | Engine;
  /** Aborted: what is up is taken down, and what is under way is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Told what is being done while the lab comes up. */
  progress?(line: string): void;
}

/**
 * Brings a scenario up, without doing its steps: the path of a file, relative to the working directory, or the
 * same as an object. Throws LabError: `scenario` with all that is wrong with it, `no-engine`, `image`, `program`…
 */
export async function lab(scenario: string | WrittenScenario, options: LabOptions = {}): Promise<Lab> {
  const read = await readScenario(scenario);
  const { signal = new AbortController().signal, progress = () => {} } = options;
  signal.throwIfAborted();
  const choice = await choose(options.engine);
  const live = await bringUp(await planOn(choice.engine, read), choice.engine, { progress, signal });
  return new Lab(read, live, choice, signal);
}

async function readScenario(scenario: string | WrittenScenario): Promise<Scenario> {
  if (typeof scenario === 'string') return loadScenarioFile(scenario, vocabulary);
  return loadScenario(yamlOf(scenario), 'scenario', vocabulary);
}

async function choose(engine: LabOptions['engine']): Promise<Choice> {
  if (typeof engine === 'object') return { engine, report: { name: engine.name }, why: ['asked for'] };
  if (engine === undefined || ENGINE_NAMES.includes(engine)) return chooseEngine(engine);
  throw new LabError('usage', `no engine \`${engine}\``, { mend: `engines are ${ENGINE_NAMES.join(', ')}` });
}

export class Lab implements AsyncDisposable {
  /** The hosts, in the scenario's order. */
  readonly hosts: readonly Host[];
  readonly #scenario: Scenario;
  readonly #live: LiveLab;
  readonly #choice: Choice;
  readonly #signal: AbortSignal;
  #down: Promise<void> | undefined;
  readonly #abort = () => void this.down().catch(() => {});

  constructor(scenario: Scenario, live: LiveLab, choice: Choice, signal: AbortSignal) {
    this.#scenario = scenario;
    this.#live = live;
    this.#choice = choice;
    this.#signal = signal;
    this.hosts = [...live.hosts.values()].map((host) => new Host(host, live.plan));
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** What everything this lab made can be found by. */
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
      mend: meant && `did you mean \`${meant}\`?`,
    });
  }

  /** Does the scenario's own steps, as `lanlab run` does, and leaves the lab up. What did not hold is in the result. */
  run(options: Pick<RunOptions, 'step' | 'strict'> & { signal?: AbortSignal } = {}): Promise<RunResult> {
    const { engine, report, why } = this.#choice;
    const signal = options.signal ? AbortSignal.any([options.signal, this.#signal]) : this.#signal;
    return runSteps(this.#scenario, this.#live, { ...options, engine, chosen: { report, why }, signal });
  }

  /** Takes down everything it made; the same as disposing. */
  down(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#down ??= Promise.resolve(this.#live[Symbol.asyncDispose]());
    return this.#down;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }
}
