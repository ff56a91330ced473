/** A router that does not send a broadcast into its network: by default no router does (RFC 2644). */
import type { PathCause } from './cause.ts';

/** Linux reads two settings: this one for all cards, and the one of the card by which the packet came. */
const ALL = 'net.ipv4.conf.all.bc_forwarding';

export const directedBroadcast: PathCause = {
  word: 'directed-broadcast',
  async find({ asked, symptom }, { machine, came, end }) {
    if (asked?.cast !== 'far' || end?.at !== 'broadcast' || !came) return undefined;
    if (symptom !== 'silence' && symptom !== 'unreachable') return undefined;
    const keys = [ALL, `net.ipv4.conf.${came.in.name}.bc_forwarding`];
    const values = await Promise.all(keys.map((key) => machine.setting(key)));
    const off = keys.filter((_, index) => values[index] === '0');
    if (off.length === 0) return undefined;
    const [address, network] = [asked.address, end.out.network];
    return `${address} is the broadcast address of ${network}, and ${machine.name} forwards no directed broadcast: its ${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} 0`;
  },
};
