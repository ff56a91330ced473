/** The result of one step: its form in the report for programs, and the same with what other reports need. */
import { z } from 'zod';
import { type Check, check } from './check.ts';

export const time = z.iso.datetime().describe('ISO 8601, UTC');
export const milliseconds = z.number().min(0).describe('milliseconds');

export const where = z
  .strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })
  .meta({ id: 'place', description: 'a place in a scenario; line and column count from 1' });

export const lacking = z
  .strictObject({ why: z.string(), hint: z.string() })
  .meta({ id: 'lacking', description: 'the missing thing, how lanlab found that out, and how to get it' });

export const stepResult = z
  .strictObject({
    index: z.int().min(1).describe('its number in the scenario'),
    name: z.string().describe("the author's words, or the action"),
    at: z.string().describe('the host at which it was done'),
    kind: z.string().describe('its word in the scenario: tcp, udp, exec…'),
    did: z.string().describe('the action, in literal addresses and ports'),
    status: z
      .enum(['held', 'failed', 'incomplete', 'skipped'])
      .describe(
        'incomplete: frames may have passed unseen, so lanlab cannot tell; it counts as one that failed',
      ),
    checks: z.array(check).describe('at least one, unless the step was skipped'),
    started: time.exactOptional().describe('ISO 8601, UTC; absent where the run was stopped before the step'),
    took: milliseconds,
    shows: z.array(z.string()).describe('the claims that it shows'),
    where,
    skipped: lacking.exactOptional().describe('why it was skipped'),
    stderr: z
      .string()
      .exactOptional()
      .describe('of a step that failed: all that its command wrote to standard error, up to 1 MiB'),
  })
  .describe('one step of the scenario');

export interface StepResult extends Omit<z.infer<typeof stepResult>, 'checks'> {
  checks: Check[];
  /** `did` is the step's explanation, which names the host. */
  explained?: true;
}

/** A step that is about to run, as it can be told before there is a result. */
export type BeginningStep = Pick<StepResult, 'index' | 'name'>;
