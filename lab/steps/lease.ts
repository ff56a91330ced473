/** RFC 2131 section 4.4: an address asked for, kept, and given back. */
import { z } from 'zod';
import type { Lease } from '../agent/protocol.ts';
import { leaseDiffers } from '../live/lease-differs.ts';
import { addressOf, type PlannedHost, type PlannedInterface } from '../model/planned.ts';
import type { Step } from '../model/types.ts';
import { attempt, beginExplained, type Outcome } from '../outcomes/outcome.ts';
import { duration, name } from '../scenario/values/values.ts';
import { giveUpAfter } from './arguments.ts';
import type { StepKind } from './step.ts';

/** Milliseconds: the client asks once a second. */
const GIVE_UP = 5_000;

const HOW = ['obtain', 'renew', 'release'] as const;
type How = (typeof HOW)[number];

const how = z
  .enum(HOW)
  .describe(
    'obtain asks every server for an address. renew asks its own server for the same address again. release gives the address back.',
  );

const long = z.strictObject({
  how,
  network: name.exactOptional().describe('Which network, where the host has leases on several.'),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the answer before it fails as `timeout` (5s by default).'),
});

type LeaseArgs = z.output<typeof long>;

const schema = z.union([how.transform((word): LeaseArgs => ({ how: word })), long]);

export const lease: StepKind<LeaseArgs> = {
  word: 'lease',
  summary: 'Obtains, renews or releases the DHCP lease of the host (RFC 2131).',
  example: 'lease: renew',
  fields: ['address', 'prefix', 'server', 'router', 'dns', 'domain', 'seconds'],
  schema,

  references: ({ network = '' }) => [
    { path: network === '' ? [] : ['network'], is: 'lease', value: network },
  ],

  needs: () => ['lease'],

  explain: (args, step) =>
    `${step.at} ${DOES[args.how]}${args.network === undefined ? '' : ` on ${args.network}`}`,

  async run(args, step, { host }) {
    const outcome = beginExplained(this.explain(args, step));
    const card = cardOf(host.plan, args.network);
    return attempt(outcome, async () => {
      const record = (event: 'lease' | 'lease-over', how: string) =>
        host.events.append({ time: new Date().toISOString(), event, network: card.network, how });
      if (args.how === 'release') {
        const held = await host.agent.release({ card: card.name });
        if (held) record('lease-over', `its lease was given back by step ${step.index}`);
        released(held, outcome);
        return;
      }
      outcome.leasing = { card, asks: args.how === 'renew' ? 'server' : 'anybody' };
      outcome.target = { transport: 'udp', address: card.leased!.server, port: DHCP_SERVER };
      // A lease is renewed with its server alone (RFC 2131 section 4.3.2), another asked for from everybody.
      if (args.how === 'renew') outcome.tuple = tupleOf(card);
      // A host that asks for another lease has none until it comes.
      else record('lease-over', `step ${step.index} asked for another lease, and got none`);
      const giveUp = giveUpAfter(args, step, GIVE_UP);
      const got = await host.agent.lease({ card: card.name, how: args.how, giveUp });
      record('lease', 'obtained');
      leased(got, card, outcome, step);
    });
  },
};

/** RFC 2131 section 4.1. */
const DHCP_SERVER = 67;

function tupleOf(card: PlannedInterface): NonNullable<Outcome['tuple']> {
  const { address } = addressOf(card, 'ipv4')!;
  const server = card.leased!.server;
  return { transport: 'udp', local: { address, port: 68 }, remote: { address: server, port: DHCP_SERVER } };
}

const DOES: Record<How, string> = {
  obtain: 'asks for an address',
  renew: 'renews its lease',
  release: 'gives its address back',
};

function cardOf({ interfaces }: PlannedHost, wanted: string | undefined): PlannedInterface {
  return interfaces.find(({ leased, network }) => leased && (wanted ?? network) === network)!;
}

/** A release is told to nobody but the server, which does not answer. */
function released(held: Lease | undefined, outcome: Outcome): void {
  outcome.did += held ? `: ${held.address} to ${held.server}` : ', and has none';
  if (held) outcome.fields = fieldsOf(held);
}

function leased(lease: Lease, card: PlannedInterface, outcome: Outcome, step: Step): void {
  outcome.did += `: ${lease.address}/${lease.prefix} for ${lease.seconds} s from ${lease.server}`;
  outcome.fields = fieldsOf(lease);
  const said = step.expect.some(({ kind, value }) => kind === 'fields' && 'address' in (value as object));
  const differs = said ? undefined : leaseDiffers(lease, card);
  if (differs === undefined) return;
  const expected = 'the lease that the plan of the lab has';
  const told = { what: `leased on ${card.network}`, expected, found: differs };
  outcome.checks.push({ kind: 'action', held: false, ...told });
}

function fieldsOf({
  address,
  prefix,
  server,
  routers,
  resolvers,
  domain,
  seconds,
}: Lease): Outcome['fields'] {
  return {
    ...{ address, prefix, server, seconds },
    ...(routers[0] !== undefined && { router: routers[0] }),
    ...(resolvers[0] !== undefined && { dns: resolvers[0] }),
    ...(domain !== undefined && { domain }),
  };
}
