/** Messages of the spanning tree between bridges (IEEE 802.1D section 9.3, 802.1Q section 14). */
import { macText } from '../address.ts';
import type { Header } from '../header.ts';
import { uint16, uint32 } from '../integer.ts';
import { short, type Trouble } from '../trouble.ts';

/** A bridge's message of the spanning tree, IEEE 802.1D. */
export interface Stp extends Header {
  readonly kind: 'stp';
  /** 0 STP, 2 RSTP, 3 MSTP. */
  readonly version: number;
  /** 0 configuration, 2 RST or MST, 128 topology change. */
  readonly bpdu: number;
  /** Priority and MAC, `32768/02:00:00:00:00:0a`; a topology change does not have it. */
  readonly root?: string;
  readonly cost?: number;
  readonly bridge?: string;
  readonly port?: number;
}

/** Where the fields lie: bytes from the header’s first. */
export const STP_AT = { protocol: 0, version: 2, type: 3, root: 5, cost: 13, bridge: 17, port: 25 } as const;
const TOPOLOGY_CHANGE = 128;
const SHORTEST = 4;
const CONFIGURATION = 35;
const VERSIONS = ['STP', 'STP', 'RSTP', 'MSTP', 'SPT'];

export function openStp(bytes: Uint8Array, start: number, end: number): Stp | Trouble {
  if (end - start < SHORTEST) return short('stp', start, SHORTEST, end);
  const [version, bpdu] = [bytes[start + STP_AT.version]!, bytes[start + STP_AT.type]!];
  const plain = { kind: 'stp', start, version, bpdu } as const;
  if (bpdu === TOPOLOGY_CHANGE) return { ...plain, end: start + SHORTEST };
  if (end - start < CONFIGURATION) return short('stp', start, CONFIGURATION, end);
  return {
    ...plain,
    end: start + CONFIGURATION,
    root: bridgeAt(bytes, start + STP_AT.root),
    cost: uint32(bytes, start + STP_AT.cost),
    bridge: bridgeAt(bytes, start + STP_AT.bridge),
    port: uint16(bytes, start + STP_AT.port),
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
