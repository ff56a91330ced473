/** When a host's program counts as ready, and the error where it never is. */
import { once } from 'node:events';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { patient } from '../agent/patience.ts';
import type { HostEvent } from '../agent/protocol.ts';
import type { RunningProgram } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import { hasLine } from '../patterns/find.ts';
import { SlowPattern } from '../patterns/slow-pattern.ts';
import { toRegExp } from '../scenario/values/values.ts';
import type { LiveHost } from './host.ts';

/** Milliseconds a program may take to be ready where the scenario says nothing. */
const READY_WITHIN = 15_000;
/** Milliseconds for which a program without a sign of being ready has to run. */
const STAYS = 500;
const BETWEEN_LOOKS = 50;
/** Milliseconds for which a pattern is tried on the lines that have come; longer than any wait for a program, in practice. */
const PATTERN_TRIED_FOR = 60_000;
/** Milliseconds after which the pattern counts as slow, and not the program. */
const SLOW = 1_000;

/** One thing that has to come true. */
interface Condition {
  /** The condition in a reader's words. */
  what: string;
  met(until: AbortSignal): Promise<unknown>;
}

/** Characters of lines that wait for their pattern, at most: the oldest go. */
const WAITING = 16 * 1024 * 1024;

/** A program's lines, tried on the patterns that are waited for. No line is kept: a flood may be larger than the memory. */
class Lines {
  readonly #host: string;
  readonly #awaited = new Map<RegExp, Promised>();
  #waiting: string[] = [];
  #size = 0;
  /** The pattern that is tried now, and since when (performance.now()). */
  #trying: { pattern: RegExp; bytes: number; since: number } | undefined;
  #tried: Promise<void> = Promise.resolve();

  constructor(host: string) {
    this.#host = host;
  }

  hear(lines: string): void {
    if (this.#awaited.size === 0) return;
    this.#waiting.push(lines);
    this.#size += lines.length;
    while (this.#size > WAITING) this.#size -= this.#waiting.shift()!.length;
    if (this.#waiting.length === 1) this.#tried = this.#tried.then(() => this.#try());
  }

  /** Resolves at the first line that matches, of those heard from now on. Rejects with a SlowPattern. */
  like(pattern: RegExp): Promise<void> {
    const promised = Promise.withResolvers<void>();
    promised.promise.catch(() => {}); // Perhaps nobody waits yet.
    this.#awaited.set(pattern, promised);
    return promised.promise;
  }

  /** Resolves when no line waits for its pattern. */
  tried(): Promise<void> {
    return this.#tried;
  }

  /** The pattern that is still being tried, where this is the reason that no line was found. */
  slow(): SlowPattern | undefined {
    if (!this.#trying) return undefined;
    const { pattern, bytes, since } = this.#trying;
    const milliseconds = performance.now() - since;
    if (milliseconds <= SLOW) return undefined;
    return new SlowPattern(pattern, bytes, milliseconds, ` (\`ready\` of ${this.#host})`);
  }

  /** Nobody will wait any more. */
  forget(): void {
    this.#awaited.clear();
  }

  /** Tries all lines that wait, at once. */
  async #try(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    for (const [pattern, { resolve, reject }] of this.#awaited) {
      const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      this.#trying = { pattern, bytes, since: performance.now() };
      try {
        if (!(await hasLine(pattern, lines, PATTERN_TRIED_FOR))) continue;
        resolve();
      } catch (error) {
        reject(error);
      } finally {
        this.#trying = undefined;
      }
      this.#awaited.delete(pattern);
    }
  }
}

type Promised = ReturnType<typeof Promise.withResolvers<void>>;

export interface Readiness {
  /** Takes lines that the program has written, of either stream, with a newline between two. */
  hear(lines: string): void;
  /** Throws LabError (`program`) where the program ends first, or its time is over. */
  reached(running: RunningProgram): Promise<void>;
}

/** Made before the program starts, so that no line is missed and no line of an earlier start counts. */
export function readiness(host: LiveHost): Readiness {
  const lines = new Lines(host.name);
  const conditions = conditionsOf(host, lines);
  return {
    hear: (said) => lines.hear(said),
    reached: (running) => untilReady(host, running, conditions, lines).finally(() => lines.forget()),
  };
}

async function untilReady(
  host: LiveHost,
  running: RunningProgram,
  conditions: Condition[],
  lines: Lines,
): Promise<void> {
  const over = new AbortController();
  const within = patient(host.plan.ready?.within ?? READY_WITHIN);
  const pending = new Set(conditions);
  const all = [...pending].map((condition) =>
    condition.met(over.signal).then(() => pending.delete(condition)),
  );
  const ended = running.ended.then(async (end) => {
    // Its last lines may match a pattern that is waited for.
    await lines.tried();
    await setImmediate();
    return { end };
  });
  const late = pause(within, 'late' as const, { signal: over.signal }).catch(() => 'late' as const);
  try {
    const first = await Promise.race([Promise.all(all).then(() => 'ready' as const), ended, late]);
    if (first === 'late') throw lines.slow() ?? neverReady(host, [...pending], within);
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

/** The event by which lanlab's own programs say that they are ready. */
function itsOwnWord({ events, plan }: LiveHost): Condition {
  const within = patient(plan.ready?.within ?? READY_WITHIN);
  const isReady = ({ event }: HostEvent) => event === 'ready';
  const earlier = new Set(events.all(isReady));
  const isNew = (event: HostEvent) => isReady(event) && !earlier.has(event);
  return {
    what: 'its event `ready`',
    // `untilReady` makes the error where the event never comes.
    met: async (until) => {
      const found = await events.first(isNew, within, until);
      if (!found && !until.aborted) await once(until, 'abort');
    },
  };
}

/** Looks at the kernel's table of sockets and makes no connection: a program for one client would end after that. */
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

/** A command without a `ready` of its own may be done already. */
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
  return new LabError('not-ready', `the program of ${host.name} ${waited}: ${saidBy(host)}`, {
    hint: 'give it longer with `ready: { within: 60s }`, or the whole run with `--patience 3`, or see whether the program does this',
  });
}

/** Characters of a line that are shown: a program that floods its output often ends no line. */
const LINE_SHOWN = 200;

function saidBy({ words }: LiveHost): string {
  const shown = words.map((line) => (line.length > LINE_SHOWN ? `${line.slice(0, LINE_SHOWN)}…` : line));
  return shown.join(' | ') || 'it said nothing';
}
