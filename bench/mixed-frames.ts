/** Frames as a lab's capture has them, the same at every run: TCP above all, UDP, ARP and pings, of 200 hosts. */

import type { Captured } from '../lab/wire/frame.ts';
import { encodeFrame, type FrameFields } from '../test/wire/encode/frame.ts';

const HOSTS = Array.from({ length: 200 }, (_, index) => ({
  mac: `02:6c:61:00:00:${(index + 1).toString(16).padStart(2, '0')}`,
  address: `10.50.${1 + (index >> 6)}.${1 + (index & 63)}`,
}));
const PAYLOAD = Buffer.from('what goes over the wire is said again and again; '.repeat(30));
/** Of a whole second, so that the stamps count on. */
const STEP = 7_013;

/** In batches of so many frames. */
export function* mixedFrames(count: number, batch = 1000): Generator<Captured[]> {
  const random = generator(20_261_121);
  for (let made = 0; made < count; made += batch) {
    const size = Math.min(batch, count - made);
    yield Array.from({ length: size }, (_, index) => stamped(encodeFrame(oneOf(random)), made + index));
  }
}

function stamped(bytes: Uint8Array, index: number): Captured {
  const nanoseconds = index * STEP;
  return {
    seconds: 1_700_000_000 + Math.floor(nanoseconds / 1e9),
    nanoseconds: nanoseconds % 1e9,
    bytes,
    length: bytes.length,
    card: 0,
  };
}

type Random = (below: number) => number;

function oneOf(random: Random): FrameFields {
  const [from, to] = [HOSTS[random(HOSTS.length)]!, HOSTS[random(HOSTS.length)]!];
  const kind = random(100);
  const ethernet = { source: from.mac, destination: to.mac };
  if (kind < 5) {
    const asks = { senderMac: from.mac, senderAddress: from.address, targetAddress: to.address };
    return { ethernet: { ...ethernet, destination: 'ff:ff:ff:ff:ff:ff' }, arp: { operation: 1, ...asks } };
  }
  const ipv4 = {
    source: from.address,
    destination: to.address,
    ttl: 64 - random(3),
    identification: random(65_536),
    dontFragment: true,
  };
  const ports = { sourcePort: 32_768 + random(20_000), destinationPort: 9000 + random(10) };
  const payload = PAYLOAD.subarray(0, random(2) * random(PAYLOAD.length / 3));
  if (kind < 12) return { ethernet, ipv4, icmp: { type: 8, identifier: 7, sequence: random(100) }, payload };
  if (kind < 35) return { ethernet, ipv4, udp: ports, payload };
  const tcp = {
    ...ports,
    sequence: random(2 ** 31),
    acknowledgement: random(2 ** 31),
    flags: 16 + 8 * random(2),
  };
  return { ethernet, ipv4, tcp, payload };
}

/** xorshift32. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
