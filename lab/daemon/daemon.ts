/** The owner of a lab: the one process that keeps it up after the command that brought it up has ended. */
import type { AgentCalls } from '../agent/protocol.ts';
import type { Engine } from '../engines/engine.ts';
import { engineNamed } from '../engines/index.ts';
import { owner as identity } from '../engines/owner.ts';
import { LabError } from '../errors.ts';
import type { Asked } from '../live/plain-hosts.ts';
import { bringUpOn, planOn } from '../live/plan-on-engine.ts';
import { type LiveLab, refuseUnsupported } from '../live/up.ts';
import type { Plan } from '../model/planned.ts';
import { runScenario } from '../run/run.ts';
import { changeLab } from './change.ts';
import { diffPlans, isEmpty } from './diff.ts';
import { inspectHosts } from './inspect.ts';
import type { BeginRequest, Begun, OwnerCalls, StarterCalls } from './protocol.ts';
import { hostsOf, type LabState, type Phase, removeState, writeState } from './state.ts';
import { unknownHost } from './unknown.ts';

const NOTHING: Asked = { at: new Set(), named: new Set() };

/** The lines for a command that watches the work, and its signal to give the work up. */
export interface Watching {
  progress(line: string): void;
  signal: AbortSignal;
}

type StarterNews = Pick<StarterCalls, 'ready' | 'begins' | 'step' | 'stopped'>;

export class Owner {
  readonly #state: LabState;
  readonly #engine: Engine;
  /** Called when the lab is down, so that the process can end. */
  readonly #over: () => void;
  #live: LiveLab | undefined;
  #down: Promise<void> | undefined;
  /** Aborted when the lab is taken down: work that is under way is given up. */
  readonly #ending = new AbortController();
  #begun: Promise<unknown> = Promise.resolve();
  /** Changes are made one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(state: LabState, over: () => void) {
    this.#state = { ...state, owner: { pid: process.pid, identity: identity() } };
    this.#engine = engineNamed(state.engine);
    this.#over = over;
  }

  /** Brings the lab up; with steps it also does the whole run. Throws LabError. */
  begin(request: BeginRequest, watching: Watching, starter: StarterNews): Promise<Begun> {
    const begun = this.#begin(request, this.#unlessEnding(watching), starter);
    this.#begun = begun.catch(() => {});
    return begun;
  }

  #unlessEnding({ progress, signal }: Watching): Watching {
    return { progress, signal: AbortSignal.any([signal, this.#ending.signal]) };
  }

  async #begin(request: BeginRequest, watching: Watching, starter: StarterNews): Promise<Begun> {
    await this.#enter('coming up');
    try {
      if (request.steps) return await this.#run(request, request.steps, watching, starter);
      const first = await planOn(this.#engine, request.scenario);
      this.#state.hosts = hostsOf(first);
      // A plain host is set up as its plan says when a command first asks it something: before that nobody sees a difference.
      const options = { ...watching, id: this.#state.id, asked: NOTHING };
      this.#live = await bringUpOn(this.#engine, request.scenario, options, first);
      this.#state.hosts = hostsOf(this.#live.plan);
      await this.#enter('up');
      return { state: this.#state, plan: this.#live.plan };
    } catch (error) {
      await this.#forget();
      throw error;
    }
  }

  async #run(
    { scenario, chosen }: BeginRequest,
    steps: NonNullable<BeginRequest['steps']>,
    { progress, signal }: Watching,
    starter: StarterNews,
  ): Promise<Begun> {
    let plan: Plan | undefined;
    const result = await runScenario(scenario, {
      engine: this.#engine,
      chosen,
      ...steps,
      id: this.#state.id,
      progress,
      signal,
      ready: async (ready) => {
        plan = ready;
        this.#state.hosts = hostsOf(ready);
        await this.#enter('running');
        await starter.ready(ready);
      },
      begins: starter.begins,
      step: starter.step,
      stopped: starter.stopped,
      keep: (live) => {
        this.#live = live;
      },
    });
    if (!this.#live) {
      await this.#forget();
      return { plan: plan!, result };
    }
    await this.#enter('up');
    return { plan: this.#live.plan, result, state: this.#state };
  }

  describe(): Awaited<ReturnType<OwnerCalls['describe']>> {
    return { state: this.#state, plan: this.#up().plan };
  }

  change(plan: Plan, watching: Watching): ReturnType<OwnerCalls['change']> {
    const changed = this.#last.then(() => this.#change(plan, this.#unlessEnding(watching)));
    this.#last = changed.catch(() => {});
    return changed;
  }

  async #change(plan: Plan, watching: Watching): ReturnType<OwnerCalls['change']> {
    const live = this.#up();
    refuseUnsupported(this.#engine, plan);
    const diff = diffPlans(live.plan, plan);
    if (isEmpty(diff)) return { state: this.#state, diff };
    await this.#enter('changing');
    try {
      await changeLab(live, diff, watching);
    } finally {
      this.#state.hosts = hostsOf(live.plan);
      await this.#enter('up');
    }
    return { state: this.#state, diff };
  }

  async inspect(): ReturnType<OwnerCalls['inspect']> {
    return inspectHosts(this.#up().hosts.values());
  }

  async logs(request: Parameters<OwnerCalls['logs']>[0]): ReturnType<OwnerCalls['logs']> {
    const { hosts, journal } = this.#up();
    for (const host of request.hosts) if (!hosts.has(host)) throw unknownHost(host, [...hosts.keys()]);
    return journal.read(request.after, request.hosts, request.giveUp);
  }

  /** Throws LabError (`usage`) for a host that is not there. */
  agent(host: string): AgentCalls {
    const { hosts } = this.#up();
    const found = hosts.get(host);
    if (!found) throw unknownHost(host, [...hosts.keys()]);
    return found.agent;
  }

  /** A second call waits for the first one. */
  down(): Promise<void> {
    this.#down ??= this.#takeDown();
    return this.#down;
  }

  async #takeDown(): Promise<void> {
    this.#ending.abort(new LabError('interrupted', 'the lab is being taken down'));
    await this.#begun;
    await this.#last;
    await this.#enter('going down');
    try {
      await this.#live?.[Symbol.asyncDispose]();
      await this.#forget();
    } finally {
      this.#over();
    }
  }

  async #enter(phase: Phase): Promise<void> {
    this.#state.phase = phase;
    await writeState(this.#state);
  }

  async #forget(): Promise<void> {
    await removeState(this.#state.id);
  }

  #up(): LiveLab {
    if (this.#live && !this.#down) return this.#live;
    const { lab, id, phase } = this.#state;
    throw new LabError('usage', `the lab ${lab} (${id}) is ${phase}`, {
      hint: this.#down ? 'bring it up again with `lanlab up`' : 'wait until it is up (`lanlab ps`)',
    });
  }
}
