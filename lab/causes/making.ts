/** Which step made what the evidence shows: the fault that stands, and fits. */
import type { FaultMaking, StandingFault } from '../outcomes/context.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';

type Made = FaultMaking & { fault: StandingFault };

function standing({ context }: Evidence, word: string): Made[] {
  const all = context.faults.flatMap((one) => (one.fault ? [{ ...one.made, fault: one.fault }] : []));
  return all.filter((one) => one.word === word && !one.fault.healed).reverse();
}

/** ` by step 7`, or nothing where no step of the scenario did it. */
export function byStep(made: Pick<FaultMaking, 'step'> | undefined): string {
  return made ? ` by step ${made.step}` : '';
}

/** The step that cut what `sender` sends to `receiver`. */
export function whoCut(evidence: Evidence, sender: Machine, receiver: Machine): Made | undefined {
  return standing(evidence, 'cut').find(({ args }) => {
    const { from, to, ways } = args as { from: Side; to: Side; ways: 'both' | 'one' };
    const across = (one: Side, other: Side) => isOn(one, other, sender) && isOn(other, one, receiver);
    return across(from, to) || (ways === 'both' && across(to, from));
  });
}

type Side = string[] | 'all';

function isOn(side: Side, other: Side, { name }: Machine): boolean {
  return side === 'all' ? other !== 'all' && !other.includes(name) : side.includes(name);
}

/** The step that pulled the cable of a host's card. */
export function whoUnplugged(evidence: Evidence, { name }: Machine, network: string): Made | undefined {
  return standing(evidence, 'unplug').find(({ args }) => args === name || args === `${name}.${network}`);
}

/** The step that did so to the program as it is now, not to a run before it. */
export function whoDid(
  evidence: Evidence,
  word: 'stop' | 'kill' | 'pause',
  { host }: Machine,
): Made | undefined {
  return standing(evidence, word).find(({ args, program }) => args === host.name && program === host.program);
}

/** `its program is paused by step 3`; undefined where it runs, or has none. */
export function pausedState(evidence: Evidence, machine: Machine): string | undefined {
  if (!machine.host.paused || machine.host.ended) return undefined;
  return `its program is paused (SIGSTOP)${byStep(whoDid(evidence, 'pause', machine))}`;
}

const DONE = { stop: 'stopped', kill: 'killed' };

/** `its program was killed by step 3`, `its program has ended (exit 3): "no disk"`; undefined where it runs. */
export function endedState(evidence: Evidence, machine: Machine): string | undefined {
  const { ended, words } = machine.host;
  if (!ended) return undefined;
  for (const word of ['stop', 'kill'] as const) {
    const made = whoDid(evidence, word, machine);
    if (made) return `its program was ${DONE[word]}${byStep(made)}`;
  }
  const last = words.findLast((line) => line.trim() !== '')?.trim();
  const said =
    last === undefined ? '' : `: ${JSON.stringify(last.length > 80 ? `${last.slice(0, 79)}…` : last)}`;
  const how = ended.signal === null ? `exit ${ended.exit}` : ended.signal;
  return `its program has ended (${how})${said}`;
}

/** Milliseconds in which the end of a program is told of, after its sockets have shown it. */
const TOLD_WITHIN = 700;

/** A socket is told of the end before the run is: gives the engine the time to say so. */
export async function untilTold({ host }: Machine): Promise<void> {
  if (!host.program || host.ended) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, TOLD_WITHIN);
  await Promise.race([host.program.ended, promise]);
  clearTimeout(timer);
}
