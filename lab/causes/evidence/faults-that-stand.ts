/** Which step made what the evidence shows: by the faults that are not healed. And the state of a host's program. */
import type { Broken } from '../../outcomes/made-fault.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';

/** The index of the last step that made such a fault, if the fault is not healed. */
function stepThat({ context }: Evidence, is: (broke: Broken) => boolean): number | undefined {
  const made = context.faults.flatMap((one) => (one.fault ? [one] : []));
  return made.findLast(({ fault }) => !fault.healed && is(fault.broke))?.step;
}

/** ` by step 7`, or an empty text where no step of the scenario did it. */
export function byStep(step: number | undefined): string {
  return step === undefined ? '' : ` by step ${step}`;
}

/** The step that cut the frames of `sender` to `receiver`. */
export function whoCut(evidence: Evidence, { name: sender }: Machine, { name: receiver }: Machine) {
  return stepThat(evidence, (broke) => {
    if (broke.kind !== 'cables') return false;
    const { senders, receivers, both } = broke;
    const forth = senders.includes(sender) && receivers.includes(receiver);
    return forth || (both && senders.includes(receiver) && receivers.includes(sender));
  });
}

/** The step that pulled the cable of a host's card. */
export function whoUnplugged(evidence: Evidence, { name }: Machine, network: string): number | undefined {
  return stepThat(evidence, (broke) => {
    return broke.kind === 'plugs' && broke.host === name && broke.networks.includes(network);
  });
}

/** The move that took this address from its host. */
export function whoMoved(
  { context }: Evidence,
  address: string,
): { host: string; from: string; to: string; step: number } | undefined {
  for (const { fault, step } of context.faults.flatMap((one) => (one.fault ? [one] : []))) {
    const { broke, healed } = fault;
    if (broke.kind === 'moved' && !healed && broke.lost.includes(address)) return { ...broke, step };
  }
  return undefined;
}

type ProgramEnd = Extract<Broken, { kind: 'program' }>['end'];

/** The step that did this to the present run of the program, and not to an earlier run. */
function whoDid(evidence: Evidence, end: ProgramEnd, { host }: Machine): number | undefined {
  return stepThat(evidence, (broke) => {
    return broke.kind === 'program' && broke.end === end && broke.run === host.program;
  });
}

/** `its program is paused by step 3`, with `whose` in front; undefined where the program runs, or there is none. */
export function pausedState(evidence: Evidence, machine: Machine, whose = 'its'): string | undefined {
  if (!machine.host.paused || machine.host.ended) return undefined;
  return `${whose} program is paused (SIGSTOP)${byStep(whoDid(evidence, 'paused', machine))}`;
}

/** `its program was killed by step 3`, `its program has ended (exit 3): "no disk"`; undefined where it runs. */
export function endedState(evidence: Evidence, machine: Machine, whose = 'its'): string | undefined {
  const { ended, words } = machine.host;
  if (!ended) return undefined;
  for (const did of ['stopped', 'killed'] as const) {
    const step = whoDid(evidence, did, machine);
    if (step !== undefined) return `${whose} program was ${did}${byStep(step)}`;
  }
  const last = words.findLast((line) => line.trim() !== '')?.trim();
  const said =
    last === undefined ? '' : `: ${JSON.stringify(last.length > 80 ? `${last.slice(0, 79)}…` : last)}`;
  const end = ended.signal === null ? `exit ${ended.exit}` : ended.signal;
  return `${whose} program has ended (${end})${said}`;
}

/** Milliseconds in which the engine tells the end of a program, after its sockets have shown it. */
const TOLD_WITHIN = 700;

/** Waits until the engine has told the end of a program: sockets show this end earlier. */
export async function untilTold({ host }: Machine): Promise<void> {
  if (!host.program || host.ended) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, TOLD_WITHIN);
  await Promise.race([host.program.ended, promise]);
  clearTimeout(timer);
}
