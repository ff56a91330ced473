/** Messages of the spanning tree between bridges (IEEE 802.1D section 9.3, 802.1Q section 14). */
import { macText } from '../address.ts';
import type { Stp, Trouble } from '../frame.ts';
import { uint16, uint32 } from '../integer.ts';
import { short } from '../trouble.ts';

const VERSION = 2;
const TYPE = 3;
const ROOT = 5;
const COST = 13;
const BRIDGE = 17;
const PORT = 25;
const TOPOLOGY_CHANGE = 128;
const SHORTEST = 4;
const CONFIGURATION = 35;
const VERSIONS = ['STP', 'STP', 'RSTP', 'MSTP', 'SPT'];

export function openStp(bytes: Uint8Array, start: number, end: number): Stp | Trouble {
  if (end - start < SHORTEST) return short('stp', start, SHORTEST, end);
  const [version, bpdu] = [bytes[start + VERSION]!, bytes[start + TYPE]!];
  const plain = { kind: 'stp', start, version, bpdu } as const;
  if (bpdu === TOPOLOGY_CHANGE) return { ...plain, end: start + SHORTEST };
  if (end - start < CONFIGURATION) return short('stp', start, CONFIGURATION, end);
  return {
    ...plain,
    end: start + CONFIGURATION,
    root: bridgeAt(bytes, start + ROOT),
    cost: uint32(bytes, start + COST),
    bridge: bridgeAt(bytes, start + BRIDGE),
    port: uint16(bytes, start + PORT),
  };
}

function bridgeAt(bytes: Uint8Array, at: number): string {
  return `${uint16(bytes, at)}/${macText(bytes, at + 2)}`;
}

/** `STP root 32768/02:00:00:00:00:0a cost 0`, `RSTP topology change`. */
export function stpWords({ version, bpdu, root, cost }: Stp): string {
  const name = VERSIONS[version] ?? `STP version ${version}`;
  if (root !== undefined) return `${name} root ${root} cost ${cost}`;
  return bpdu === TOPOLOGY_CHANGE ? `${name} topology change` : `${name} type ${bpdu}`;
}
