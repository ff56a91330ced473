/** No host has the target's address, or the gateway's. */
import { engineAddress, familyOf, printAddress, subnetFrom } from '../model/address.ts';
import { addressOf, type PlannedInterface } from '../model/planned.ts';
import type { PathCause } from './cause.ts';
import { isWithoutAnswer, neighbourOf } from './evidence/neighbour.ts';

export const nobody: PathCause = {
  word: 'nobody',
  async find({ symptom }, { machine, end, after }) {
    if (end?.at !== 'nobody' || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const { out, next } = end;
    const entry = await neighbourOf(machine, next);
    const asked = entry !== undefined && isWithoutAnswer(entry);
    // This is the address of an engine whose networks must own one. The engine is not a host of the plan.
    if (!asked && isEngines(out, next)) return undefined;
    const whose = next === after.destination.address ? next : `${next}, the gateway of ${machine.name}`;
    return `${asked ? `no ${ANSWER[familyOf(next)]}: ` : ''}no host on ${out.network} has ${whose}`;
  },
};

const ANSWER = { ipv4: 'ARP answer', ipv6: 'neighbour advertisement' };

function isEngines(card: PlannedInterface, address: string): boolean {
  const own = addressOf(card, familyOf(address));
  const engines = own && engineAddress(subnetFrom(`${own.address}/${own.prefix}`));
  return engines !== undefined && printAddress(engines) === address;
}
