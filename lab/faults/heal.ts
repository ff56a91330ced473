/** Undoes a fault by its name. */
import { LabError } from '../errors.ts';
import type { StepContext } from '../outcomes/context.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { name } from '../scenario/values/values.ts';
import type { StepKind } from '../steps/step.ts';

export const heal: StepKind<string> = {
  word: 'heal',
  summary:
    'Ends the fault with this name: a cut is repaired, a program starts or continues, a cable is plugged in.',
  example: 'heal: gap',
  schema: name.describe('The name (`as`) of the fault.'),
  wholeLab: true,

  repairs: (fault) => ({ path: [], fault }),

  lacking: (fault, context) => entryOf(fault, context)?.lacking,

  explain: (fault) => `heal ${fault}`,

  async run(fault, _, context) {
    const outcome = begin(this.explain(fault, _));
    return attempt(outcome, async () => {
      const found = entryOf(fault, context)?.fault;
      if (!found) {
        throw new LabError('scenario', `there is no fault ${fault} now`, {
          hint: `see why the step that says \`as: ${fault}\` did not succeed`,
        });
      }
      outcome.did = await found.heal();
    });
  },
};

/** Names may be given again once their faults are over: the last one counts. */
function entryOf(fault: string, { faults }: StepContext): StepContext['faults'][number] | undefined {
  return faults.findLast(({ as }) => as === fault);
}
