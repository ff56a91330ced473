/** The JSON report as a schema: the one source of its types, of the JSON Schema beside this file and of its check. */

import { z } from 'zod';
import { CAPABILITIES, FAILURE_KINDS } from '../agent/protocol.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { LAB_ERROR_CODES } from '../errors.ts';
import { CAME } from '../outcomes/check.ts';

/** Raised when a program for the version before would no longer understand the report. */
export const REPORT_VERSION = 2;

const time = z.iso.datetime().describe('ISO 8601, UTC');
const milliseconds = z.number().min(0).describe('milliseconds');
const count = z.int().min(0);

const where = z
  .strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })
  .describe('a place in a scenario; line and column count from 1');

const lacking = z
  .strictObject({ why: z.string(), hint: z.string() })
  .describe('the missing thing, how lanlab found that out, and how to get it');

const line = z.strictObject({
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
});

const came = z
  .enum(CAME)
  .describe(
    'the bytes that came, beside the expected ones: a part of them, the end of the stream, more, or others',
  );

const check = z
  .strictObject({
    kind: z
      .enum(['did', 'action', 'mistake', 'failed', 'received', 'seen', 'field', 'wire', 'sockets', 'own'])
      .describe('the kind of the check, for programs: the action, an error, or an expectation by its kind'),
    came: came.exactOptional(),
    by: z.string().exactOptional().describe('of `seen`: the host whose events they are'),
    at: z.string().exactOptional().describe('of `wire` and `sockets`: the host that was looked at'),
    name: z.string().exactOptional().describe("of `field`: the field's name"),
    word: z.string().exactOptional().describe("of `own`: the word, one of the user's own"),
    failure: z.enum(FAILURE_KINDS).exactOptional().describe('of `failed`: how the network said no'),
    claimed: z.enum(FAILURE_KINDS).exactOptional().describe('of `failed`: how it was expected to'),
    what: z.string().describe('the subject of the check; if it held, the finding'),
    held: z.boolean(),
    expected: z.string().exactOptional(),
    found: z.string().exactOptional(),
    why: z.string().exactOptional().describe('the evidence'),
    incomplete: z
      .literal(true)
      .exactOptional()
      .describe('it could not be judged: frames may have passed unseen'),
    took: milliseconds.exactOptional().describe('milliseconds that its expectation was looked at'),
    frames: z.array(line).exactOptional().describe('the lines of `wire`, and the frames that met them'),
  })
  .describe('one thing that was looked at');

const step = z
  .strictObject({
    index: z.int().min(1).describe('its number in the scenario'),
    name: z.string(),
    at: z.string().describe('the host at which it was done'),
    kind: z.string().describe('its word in the scenario: tcp, udp, exec…'),
    did: z.string().describe('the action, in literal addresses and ports'),
    status: z
      .enum(['held', 'failed', 'incomplete', 'skipped'])
      .describe(
        'incomplete: frames may have passed unseen, so lanlab cannot tell; it counts as one that failed',
      ),
    checks: z.array(check),
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

const network = z.strictObject({
  name: z.string(),
  subnets: z.array(z.string()).describe('one, or one of each family'),
  mtu: z.int().exactOptional().describe('bytes of the largest packet'),
  internet: z.literal(true).exactOptional().describe('it leads out of the lab'),
  dhcp: z.string().exactOptional().describe('the host that hands out its addresses'),
  dns: z.string().exactOptional().describe('the host that is its name server'),
  link: z.string().exactOptional().describe('in words: what each frame on it meets'),
});

const host = z.strictObject({
  name: z.string(),
  forward: z.literal(true).exactOptional().describe('a router'),
  interfaces: z.array(
    z.strictObject({
      name: z.string(),
      network: z.string(),
      mac: z.string(),
      addresses: z.array(z.string()).describe("one for each of the network's families"),
      link: z
        .string()
        .exactOptional()
        .describe("in words: what its own cable does, beside the network's link"),
    }),
  ),
  routes: z
    .array(z.strictObject({ to: z.string(), via: z.string(), interface: z.string() }))
    .exactOptional()
    .describe('beside those to its own networks'),
  rules: z.array(z.string()).exactOptional().describe('its NAT and its rules, one on each line'),
  program: z.string().exactOptional().describe('its program: a service, an image or a command line'),
  capabilities: z
    .strictObject(
      Object.fromEntries(
        CAPABILITIES.map((name) => [name, z.union([z.literal(true), lacking])] as const),
      ) as Record<(typeof CAPABILITIES)[number], z.ZodUnion<[z.ZodLiteral<true>, typeof lacking]>>,
    )
    .exactOptional()
    .describe('its capabilities here; absent where it did not come up'),
});

const direction = z.enum(['out', 'in']).describe('seen from the host at the end of the cable');

const links = z
  .strictObject({
    impaired: z.array(
      z
        .strictObject({
          link: z.string().exactOptional().describe('a network, or the cable of a host: `alice.lan`'),
          step: z.int().min(1).exactOptional().describe('the step that made the fault, where it was one'),
          on: z.string().describe('where it stands'),
          direction,
          does: z.string().describe('its numbers'),
          seed: z.int().exactOptional().describe('of a fault that draws'),
          frames: count.describe('those that it was for'),
          dropped: z
            .strictObject({
              ...{ loss: count.exactOptional(), nth: count.exactOptional() },
              ...{
                blackhole: count.exactOptional(),
                queue: count.exactOptional(),
                mtu: count.exactOptional(),
              },
            })
            .describe('frames that were lost, by what lost them'),
          doubled: count,
          corrupted: count,
          overtaken: count,
          late: milliseconds.describe('milliseconds that a frame left after it was due, at most'),
        })
        .describe('the counts of a link or a fault in one direction, over all of its cables'),
    ),
    missed: z
      .array(z.strictObject({ host: z.string(), card: z.string(), direction, frames: count }))
      .describe('frames that a cable could not carry: there, a frame that did not come proves nothing'),
  })
  .describe('the counts of impaired cables; absent where there was none');

const stopped = z
  .strictObject({
    code: z.enum([...LAB_ERROR_CODES, 'bug']),
    message: z.string(),
    hint: z.string().exactOptional(),
    where: where.exactOptional(),
  })
  .describe('the error that ended the run before its last step');

const run = z
  .strictObject({
    scenario: z.strictObject({ file: z.string(), lab: z.string(), about: z.string().exactOptional() }),
    engine: z.strictObject({
      name: z.enum(ENGINE_NAMES),
      version: z.string().exactOptional(),
      why: z.array(z.string()).describe('why it was this engine'),
    }),
    versions: z.strictObject({
      lanlab: z.string(),
      node: z.string(),
      system: z.string().describe('kernel and processor'),
    }),
    networks: z.array(network),
    hosts: z.array(host),
    started: time,
    strict: z.boolean().describe('a step that was skipped counts as one that failed'),
    steps: z.array(step),
    held: count.describe('steps'),
    failed: count.describe('steps'),
    incomplete: count.describe('steps'),
    skipped: count.describe('steps'),
    checks: z.strictObject({ held: count, all: count }),
    took: z.strictObject({ up: milliseconds, steps: milliseconds, down: milliseconds }),
    captured: z
      .strictObject({
        frames: count.describe('of all hosts'),
        losses: z
          .array(z.string())
          .describe('the missing frames, in words; empty where every frame is there'),
      })
      .exactOptional()
      .describe('the capture; absent where nothing was captured'),
    links: links.exactOptional(),
    stopped: stopped.exactOptional(),
  })
  .describe('one run of one scenario');

export const reportSchema = z
  .strictObject({
    version: z.literal(REPORT_VERSION).describe('of this format'),
    held: z.boolean().describe('every run came to its end, and everything in it held'),
    runs: z.array(run),
  })
  .meta({ title: 'The report of lanlab run --json' });

export type Report = z.infer<typeof reportSchema>;
export type RunReport = z.infer<typeof run>;
export type LinksReport = z.infer<typeof links>;
export type NetworkResult = z.infer<typeof network>;
export type HostResult = z.infer<typeof host>;
export type Stopped = z.infer<typeof stopped>;

/** The content of `report.schema.json`. */
export function reportJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
}
