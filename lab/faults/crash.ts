/**
 * A host goes down as by a power failure: its program is killed, and nobody hears of it. No FIN and no reset leaves, and what
 * its kernel knew of connections is forgotten. Healed, the host answers again and its program starts.
 */
import { LabError } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import { name } from '../scenario/values/values.ts';
import { type Fault, type FaultKind, standing } from './fault.ts';
import { kill } from './kill.ts';
import { impair, lackingAt, plansOf } from './links/impair.ts';
import { type On, placesOf } from './links/on.ts';
import { hostWithProgram, referenceTo, runningAtAll } from './program.ts';

const onAllCables = (cable: string): On => ({ kind: 'cable', cable, direction: 'both' });

export const crash: FaultKind<string> = {
  word: 'crash',
  summary: 'Takes a host down as by a power failure: its program ends, and no FIN and no reset leaves.',
  example: 'fault: { crash: echo, as: dark }',
  schema: name.describe('The host that goes down.'),
  feature: 'signals',
  references: referenceTo,
  breaks: (host, hosts) => ({ ...kill.breaks(host, hosts), state: 'down', undo: 'heal' }),

  lacking(host, hosts) {
    const { sockets } = hostWithProgram(hosts, host).capabilities;
    if (sockets !== true) return sockets;
    return lackingAt(placesOf(onAllCables(host), plansOf(hosts)), hosts);
  },

  explain: (host) => `crash of ${host}`,

  async begin(name, hosts) {
    const host = await runningAtAll(hosts, name);
    const places = placesOf(onAllCables(name), plansOf(hosts));
    const request = {
      impairment: { blackhole: 'frames' },
      seed: 0,
      matching: {},
      on: name,
      drawn: {},
    } as const;
    const silence = await impair(`${name} is silent`, places, request, hosts);
    let ended: Fault | undefined;
    try {
      ended = await kill.begin(name, hosts);
      await forgetConnections(host);
      const { broke, fields, heal: start } = ended;
      const heal = async () => {
        await silence.heal();
        return `${name} is back: ${await start()}`;
      };
      return standing(`${name} crashed: nothing leaves it, and nothing comes in`, broke, heal, fields);
    } catch (error) {
      await silence.heal().catch(() => {});
      await ended?.heal().catch(() => {});
      throw error;
    }
  },
};

/** The segments that would tell the peers are lost on the cable. */
async function forgetConnections(host: LiveHost): Promise<void> {
  const { exit } = await host.agent.exec({ argv: ['ss', '-K', '-tnH'], giveUp: 10_000 });
  const left = (await host.agent.sockets()).filter(
    ({ state }) => state === 'ESTAB' || state.startsWith('FIN-WAIT'),
  );
  if (exit === 0 && left.length === 0) return;
  throw new LabError('unsupported', `the kernel of ${host.name} does not forget its connections`, {
    hint: 'use a kernel with CONFIG_INET_DIAG_DESTROY, or `kill`',
  });
}
