/** The JSON report as a schema: the one source of its types, of the JSON Schema beside this file and of its check. */

import { z } from 'zod';
import { CAPABILITIES } from '../agent/protocol.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { LAB_ERROR_CODES } from '../errors.ts';
import { lacking, milliseconds, stepResult, time, where } from '../outcomes/step-result.ts';

/** Raised when a program for the version before would no longer understand the report. */
export const REPORT_VERSION = 2;

const count = z.int().min(0);

const network = z.strictObject({
  name: z.string(),
  subnets: z.array(z.string()).describe('one, or one of each family'),
  mtu: z.int().exactOptional().describe('bytes of the largest packet'),
  internet: z.literal(true).exactOptional().describe('it leads out of the lab'),
  dhcp: z.string().exactOptional().describe('the host that hands out its addresses'),
  pool: z.string().exactOptional().describe('in words: its range, the time of a lease, the relay'),
  dns: z.string().exactOptional().describe('the host that is its name server'),
  link: z.string().exactOptional().describe('in words: what each frame on it meets'),
});

const host = z.strictObject({
  name: z.string(),
  forward: z.literal(true).exactOptional().describe('a router'),
  node: z.string().exactOptional().describe('the machine that held it, on an engine of several machines'),
  interfaces: z.array(
    z.strictObject({
      name: z.string(),
      network: z.string(),
      mac: z.string(),
      addresses: z.array(z.string()).describe("one for each of the network's families"),
      mtu: z
        .int()
        .exactOptional()
        .describe("bytes of its largest packet, where that is less than the network's"),
      link: z
        .string()
        .exactOptional()
        .describe("in words: what its own card and cable do, beside the network's link"),
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
                reset: count.exactOptional(),
                reject: count.exactOptional(),
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

const clocks = z
  .array(
    z.strictObject({
      machines: z.tuple([z.string(), z.string()]),
      ahead: z
        .number()
        .describe('milliseconds by which the clock of the second is ahead of that of the first'),
      uncertainty: milliseconds.describe('milliseconds by which that may be wrong, either way'),
    }),
  )
  .describe('the clocks of each two machines that held hosts; absent where one machine held all');

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
    steps: z.array(stepResult),
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
    clocks: clocks.exactOptional(),
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
