/** Which frames hosts captured during the step: one a line, in hosts' names. */
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import type { Objection } from '../scenario/vocabulary.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { looksAt } from './wire/look.ts';
import { scopeOf } from './wire/scope.ts';
import type { Looking } from './wire/seen-through.ts';
import { hostsOfView, isAllPlaced, referencesOf, viewsOf, type Wire, wireSchema } from './wire/value.ts';

export const wire: ExpectationKind<Wire> = {
  word: 'wire',
  summary:
    'Looks at the frames that a host captured since the step began, one line for each frame. ' +
    'A list of lines means `in_order`, at the host of the step. ' +
    'Where frames may have passed unseen, the step is incomplete and counts as failed.',
  wholeLab: true,
  example:
    'expect: { wire: { at: echo, in_order: ["tcp alice > echo SYN", "tcp echo > alice SYN+ACK"], ' +
    'never: ["tcp * > * RST"], count: { "tcp alice > echo SYN": 1 } } }',
  schema: wireSchema,

  references: referencesOf,

  objections(value, at) {
    return at === undefined ? withoutHost(value) : [];
  },

  captures(value, step) {
    return [...new Set(viewsOf(value).flatMap((view) => hostsOfView(view, step.at)))];
  },

  async check(value, outcome, step, context) {
    const { wire } = context;
    if (!wire) return [notCaptured(outcome, step)];
    const looking = lookingOf(outcome, step, context, wire);
    return Promise.all(viewsOf(value).flatMap((view) => looksAt(view, step.at, looking)));
  },
};

function lookingOf(outcome: Outcome, step: Step, context: StepContext, wire: Looking['wire']): Looking {
  const deadline = performance.now() + patience(step);
  return { wire, scope: scopeOf(outcome, step, context, wire), deadline, hold: step.for ?? 0 };
}

/** A step that is done to the whole lab has no host whose frames would be meant. */
function withoutHost(value: Wire): Objection[] {
  const message = '`wire` does not say at which host';
  const hint = 'write wire: { at: HOST, in_order: […] }';
  const isListOfViews = Array.isArray(value) && !value.some((item) => 'line' in item);
  return viewsOf(value).flatMap((view, index) =>
    view.at === undefined && !isAllPlaced(view)
      ? [{ path: isListOfViews ? [index] : [], message, hint }]
      : [],
  );
}

function notCaptured({ did }: Outcome, { at }: Step): Check {
  const found = `nothing was captured: ${did}`;
  return {
    kind: 'wire',
    at,
    came: 'nothing',
    what: 'on the wire',
    held: false,
    expected: 'a capture',
    found,
  };
}
