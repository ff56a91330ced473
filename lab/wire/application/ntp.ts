/** NTP's first byte and stratum (RFC 5905 section 7.3). */

const SHORTEST = 48;
const MODES = [
  'reserved',
  'symmetric active',
  'symmetric passive',
  'client',
  'server',
  'broadcast',
  'control',
  'private',
];
const CONTROL = 6;
const SERVER = 4;

/** `NTP client v4`, `NTP server v4 stratum 2`, `NTP server v4 kiss RATE` (section 7.4); undefined where the bytes are too few. */
export function describeNtp(bytes: Uint8Array): string | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const mode = first & 7;
  const version = (first >>> 3) & 7;
  if (mode < CONTROL && bytes.length < SHORTEST) return undefined;
  return `NTP ${MODES[mode]} v${version}${mode === SERVER || mode === SERVER + 1 ? stratumOf(bytes) : ''}`;
}

function stratumOf(bytes: Uint8Array): string {
  const id = Buffer.from(bytes.subarray(12, 16)).toString('latin1');
  return bytes[1] === 0 && /^[A-Z]{4}$/.test(id) ? ` kiss ${id}` : ` stratum ${bytes[1]}`;
}
