/** How a step failed, by the facts of the first of its checks that did not hold. */
import type { FailureKind } from '../../agent/protocol.ts';
import { addressesOf } from '../../model/planned.ts';
import type { Judged } from '../../outcomes/check.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { Machine } from './machine.ts';

/**
 * `silence`: not everything came before the time limit. `end`: the peer's FIN came instead of the expected bytes. `extra`: a
 * datagram came that was not expected. `status`: the answer of HTTP has another status than the expected one.
 */
export type Symptom = Exclude<FailureKind, 'timeout'> | 'silence' | 'end' | 'extra' | 'status';

/** Undefined where `wrong` did not fail in any of these ways, as where the bytes of a stream are not the expected ones. */
export function symptomOf(
  { failure, conversation, http }: Outcome,
  checks: readonly Judged[],
  wrong: Judged,
): Symptom | undefined {
  if (failure) {
    if (isClaimed(checks) && !isAboutComing(wrong)) return undefined;
    if (failure.errno === 'EOF') return 'end';
    return failure.kind === 'timeout' ? 'silence' : failure.kind;
  }
  if (wrong.kind === 'received') {
    if (wrong.came === 'end') return 'end';
    if (conversation?.kind === 'datagrams' && (wrong.came === 'more' || wrong.came === 'other'))
      return 'extra';
    return wrong.came === 'nothing' || wrong.came === 'part' ? 'silence' : undefined;
  }
  if (wrong.kind === 'field' && wrong.name === 'status' && http?.status !== undefined) return 'status';
  return wrong.kind === 'seen' && wrong.came === 'nothing' ? 'silence' : undefined;
}

/** Whether the step expected this failure, though it may not be sure of it: then the failure is not what went wrong. */
function isClaimed(checks: readonly Judged[]): boolean {
  return checks.some(
    (one) => one.kind === 'failed' && (one.held || (one.incomplete && one.failure === one.claimed)),
  );
}

/** Whether a check waits for something that a failure may have prevented: an event, bytes, a frame. */
function isAboutComing({ kind }: Judged): boolean {
  return kind === 'seen' || kind === 'received' || kind === 'wire';
}

/**
 * Whether the target host, or a host inside to which its NAT forwards a port, can send what `wrong` waits for. That a
 * third host saw nothing tells nothing about the way to the target.
 */
export function isAwaitedFrom(there: Machine, wrong: Judged, all: readonly Machine[]): boolean {
  if (wrong.kind !== 'seen' || wrong.by === there.name) return true;
  const cards = all.find(({ name }) => name === wrong.by)?.cards ?? [];
  const own = cards.flatMap((card) => addressesOf(card));
  return there.host.plan.nat?.ports.some(({ to }) => own.includes(to)) === true;
}
