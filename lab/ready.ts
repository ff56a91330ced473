/** When a host's program counts as ready, and what is said where it never is. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostEvent } from './agent/protocol.ts';
import type { RunningProgram } from './engines/engine.ts';
import { LabError } from './errors.ts';
import type { LiveHost } from './host.ts';
import { toRegExp } from './scenario/values.ts';

/** Milliseconds a program may take to be ready where the scenario says nothing. */
const READY_WITHIN = 15_000;
/** Milliseconds for which a program that says nothing of being ready has to run. */
const STAYS = 500;
const BETWEEN_LOOKS = 50;

/** One thing that has to come true. */
interface Condition {
  /** What is waited for, in a reader's words. */
  what: string;
  met(until: AbortSignal): Promise<unknown>;
}

/** What a program says, for whoever waits for a line. None is kept: a program may say more than there is memory. */
class Lines {
  readonly #awaited = new Map<RegExp, () => void>();

  hear(line: string): void {
    for (const [pattern, met] of this.#awaited) {
      if (!pattern.test(line)) continue;
      this.#awaited.delete(pattern);
      met();
    }
  }

  /** Resolves with the first that matches, of those heard from now on. */
  like(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => this.#awaited.set(pattern, resolve));
  }

  /** Nobody will wait any more. */
  forget(): void {
    this.#awaited.clear();
  }
}

export interface Readiness {
  /** To be told every line that the program says, of either stream. */
  hear(line: string): void;
  /** Throws LabError (`program`) where the program ends first, or its time is over. */
  reached(running: RunningProgram): Promise<void>;
}

/** Made before the program starts, so that nothing it says is missed and nothing of an earlier start counts. */
export function readiness(host: LiveHost): Readiness {
  const lines = new Lines();
  const conditions = conditionsOf(host, lines);
  return {
    hear: (line) => lines.hear(line),
    reached: (running) => untilReady(host, running, conditions).finally(() => lines.forget()),
  };
}

async function untilReady(host: LiveHost, running: RunningProgram, conditions: Condition[]): Promise<void> {
  const over = new AbortController();
  const within = host.plan.ready?.within ?? READY_WITHIN;
  const pending = new Set(conditions);
  const all = [...pending].map((condition) =>
    condition.met(over.signal).then(() => pending.delete(condition)),
  );
  const ended = running.ended.then((end) => ({ end }));
  const late = pause(within, 'late' as const, { signal: over.signal }).catch(() => 'late' as const);
  try {
    const first = await Promise.race([Promise.all(all).then(() => 'ready' as const), ended, late]);
    if (first === 'late') throw neverReady(host, [...pending], within);
    if (first !== 'ready' && !mayEnd(host, first.end)) throw endedEarly(host, first.end);
  } finally {
    over.abort();
  }
}

function conditionsOf(host: LiveHost, lines: Lines): Condition[] {
  const { program, ready } = host.plan;
  const conditions: Condition[] = [];
  if (program?.kind === 'service') conditions.push(itsOwnWord(host));
  if (ready?.tcp !== undefined) conditions.push(listener(host, ready.tcp));
  if (ready?.log !== undefined) {
    const said = lines.like(toRegExp(ready.log));
    conditions.push({ what: `a line like /${ready.log}/`, met: () => said });
  }
  if (conditions.length === 0) conditions.push(stays());
  return conditions;
}

/** Our programs say so themselves. */
function itsOwnWord({ events, plan }: LiveHost): Condition {
  const within = plan.ready?.within ?? READY_WITHIN;
  const isReady = ({ event }: HostEvent) => event === 'ready';
  const earlier = new Set(events.all(isReady));
  const isNew = (event: HostEvent) => isReady(event) && !earlier.has(event);
  return {
    what: 'its event `ready`',
    // That it never comes is told by whoever waits for all.
    met: async (until) => {
      const found = await events.first(isNew, within, until);
      if (!found && !until.aborted) await once(until, 'abort');
    },
  };
}

/** The kernel's table is looked at, rather than a connection made, which a program of one client would not survive. */
function listener({ agent }: LiveHost, port: number): Condition {
  const listens = async () =>
    (await agent.sockets()).some(({ transport, state, local }) => {
      return transport === 'tcp' && state === 'LISTEN' && local.port === port;
    });
  return {
    what: `a listener on TCP port ${port}`,
    met: async (until) => {
      while (!until.aborted && !(await listens())) await pause(BETWEEN_LOOKS);
    },
  };
}

function stays(): Condition {
  return { what: 'that it runs', met: (until) => pause(STAYS, undefined, { signal: until }).catch(() => {}) };
}

type End = Awaited<RunningProgram['ended']>;

/** A command of which nothing more was asked may be done already. */
function mayEnd({ plan }: LiveHost, { exit }: End): boolean {
  return plan.program?.kind === 'command' && plan.ready === undefined && exit === 0;
}

function endedEarly(host: LiveHost, { exit, signal }: End): LabError {
  const how = signal ?? `exit code ${exit}`;
  return new LabError('program', `the program of ${host.name} ended at once (${how}): ${saidBy(host)}`);
}

function neverReady(host: LiveHost, pending: Condition[], within: number): LabError {
  const what = pending.map((condition) => condition.what).join(' and ');
  const waited = `is not ready after ${within / 1000} s, waiting for ${what}`;
  return new LabError('program', `the program of ${host.name} ${waited}: ${saidBy(host)}`, {
    hint: 'give it longer with `ready: { within: 60s }`, or see whether it does what is waited for',
  });
}

/** Characters of a line: what floods its output often ends none. */
const LINE_SHOWN = 200;

function saidBy({ words }: LiveHost): string {
  const shown = words.map((line) => (line.length > LINE_SHOWN ? `${line.slice(0, LINE_SHOWN)}…` : line));
  return shown.join(' | ') || 'it said nothing';
}
