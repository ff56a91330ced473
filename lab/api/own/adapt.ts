/** Turns a word of the user's own into a step, an expectation or a fault, like those of the project. */

import type { ExpectationKind } from '../../expectations/expectation.ts';
import { type FaultKind, type LiveHosts, standing } from '../../faults/fault.ts';
import type { Plan } from '../../model/planned.ts';
import { answerOf, attempt, beginExplained, type Outcome, tell } from '../../outcomes/outcome.ts';
import type { StepKind } from '../../steps/step.ts';
import { Host } from '../host.ts';
import type { OwnExpectation, OwnFault, OwnStep, StepFound } from './define.ts';

export function stepOf(own: OwnStep): StepKind {
  const { word, summary, example, schema } = own;
  return {
    ...{ word, summary, example, schema },
    references(args) {
      const to = own.speaks?.(args);
      return to ? [{ path: ['to'], is: 'endpoint', value: to.to, defaultPort: to.port }] : [];
    },
    explain: (args, { at }) => own.explain(args, at),
    async run(args, step, context) {
      const outcome = beginExplained(own.explain(args, step.at));
      return attempt(outcome, async () => {
        const to = own.speaks?.(args);
        if (to) outcome.target = { transport: to.transport, ...context.resolve(to.to, to.port) };
        take(await own.run(args, new Host(context.host, () => context.plan)), outcome);
      });
    },
  };
}

function take({ did, received, fields, spoke }: StepFound, outcome: Outcome): void {
  if (did !== undefined) tell(outcome, did);
  if (received !== undefined) outcome.answer = answerOf(Buffer.from(received as Uint8Array));
  if (fields) outcome.fields = { ...fields };
  const { local, remote } = spoke ?? {};
  if (!spoke || !local || !remote) return;
  outcome.tuple = { transport: spoke.transport, local, remote };
  outcome.opened = true;
}

export function expectationOf(own: OwnExpectation): ExpectationKind {
  const { word, summary, example, schema } = own;
  return {
    ...{ word, summary, example, schema },
    async check(value, { did, answer, fields, failure }, _step, context) {
      const received = answer?.head;
      const seen = { did, received, fields, failure: failure?.kind };
      const verdict = await own.check(value, seen, new Host(context.host, () => context.plan));
      return [{ kind: 'own', word, ...verdict }];
    },
  };
}

export function faultOf(own: OwnFault): FaultKind {
  const { word, summary, example, schema } = own;
  return {
    ...{ word, summary, example, schema },
    references: (args) => (own.hosts?.(args) ?? []).map((value) => ({ path: [], is: 'host', value })),
    breaks: () => ({ path: [], holds: [], state: word, undo: 'heal' }),
    explain: (args) => own.explain(args),
    async begin(args, hosts, plan) {
      if (!plan) throw new Error('a fault of the user’s own is begun with the plan of its lab');
      const { did, heal } = await own.begin(args, hostsOf(hosts, plan));
      return standing(did, { kind: 'own', word }, heal);
    },
  };
}

function hostsOf(hosts: LiveHosts, plan: Plan): ReadonlyMap<string, Host> {
  return new Map([...hosts].map(([name, live]) => [name, new Host(live, () => plan)]));
}
