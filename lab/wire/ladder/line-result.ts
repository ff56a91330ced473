/** A line of a scenario in a ladder: the frame that met it, or the place where one is missing. */
import { z } from 'zod';

export const lineResult = z
  .strictObject({
    at: z.string().describe('the host at which it was looked for'),
    line: z.string().describe('as the scenario writes it'),
    number: z.int().exactOptional().describe('the frame, counted from 1 over the whole run'),
    after: z
      .int()
      .exactOptional()
      .describe(
        'of a missing one: the frame behind which it should have come; absent where that could have been at any time',
      ),
    status: z.enum(['matched', 'missing', 'forbidden']),
  })
  .meta({ id: 'line', description: 'a line of `wire`' });

export type LineResult = z.infer<typeof lineResult>;
