/** The meaning of lines in this lab and at this step: the cards, and the conversation that they are about. */

import { addressesOf } from '../../model/planned.ts';
import type { Step } from '../../model/types.ts';
import type { StepContext, WireView } from '../../outcomes/context.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { BoundConversation, Scope } from '../../wire/lines/condition.ts';
import type { End } from '../../wire/lines/line.ts';
import type { Card } from '../../wire/timeline.ts';

export function scopeOf(outcome: Outcome, step: Step, context: StepContext, wire: WireView): Scope {
  return {
    cards: cardsOf(context, wire),
    conversation: conversationOf(outcome, step),
    segment: (seen) => wire.segment(seen),
    resent: (seen) => wire.resent(seen),
  };
}

/** Those that capture, and those of every other host as it was planned. */
function cardsOf({ hosts }: StepContext, { cards }: WireView): Card[] {
  const planned = [...hosts.values()].flatMap(({ name, plan }) =>
    plan.interfaces.map((one): Card => ({ ...one, host: name, addresses: addressesOf(one) })),
  );
  return [...cards, ...planned.filter(({ mac }) => !cards.some((card) => card.mac === mac))];
}

function conversationOf({ tuple, target, failure }: Outcome, step: Step): BoundConversation | undefined {
  if (tuple) {
    const { transport, local, remote } = tuple;
    return { protocol: transport, local: endOf(local, step), remote: endOf(remote, step) };
  }
  // A step that failed tells only its own end.
  if (!failure?.local || !target || target.transport === 'icmp') return undefined;
  return { protocol: target.transport, local: endOf(failure.local, step) };
}

/** The wildcard address is any of the host's own. */
function endOf({ address, port }: { address: string; port: number }, step: Step): End {
  const wildcard = address === '0.0.0.0' || address === '::';
  return { party: wildcard ? { kind: 'host', host: step.at } : { kind: 'address', address }, port };
}
