/** A reverse-path filter: the kernel drops a packet if its routes lead to the source by another card (RFC 3704). */
import { familyOf } from '../model/address.ts';
import type { PathCause } from './cause.ts';
import { routeTo } from './evidence/routes.ts';

const STRICT = 1;
const LOOSE = 2;

export const reversePath: PathCause = {
  word: 'reverse-path',
  async find({ symptom }, { leg, machine, came, before }) {
    const { address } = before.source;
    if (!came || familyOf(address) !== 'ipv4' || (symptom !== 'silence' && symptom !== 'unreachable'))
      return undefined;
    const keys = ['all', came.in.name].map((card) => `net.ipv4.conf.${card}.rp_filter`);
    const values = await Promise.all(keys.map(async (key) => Number(await machine.setting(key))));
    const mode = Math.max(...values);
    const routes = mode === 0 ? undefined : await machine.routes('ipv4');
    if (!routes) return undefined;
    const route = routeTo(address, routes);
    const passes = mode === LOOSE ? route?.card !== undefined : route?.card === came.in.name;
    if (passes || (mode !== STRICT && mode !== LOOSE)) return undefined;
    const leads =
      route?.card === undefined
        ? `it has no route to ${address}`
        : `its route to ${address} leads by ${route.card}`;
    const what = leg === 'forth' ? '' : 'the answer is ';
    const key = keys[values.indexOf(mode)];
    return `${what}dropped by ${machine.name}'s reverse-path filter: the packet came by ${came.in.name}, but ${leads} (${key} is ${mode})`;
  },
};
