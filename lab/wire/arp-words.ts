/** Operations of ARP (RFC 826), RARP (RFC 903) and InARP (RFC 2390), as IANA numbers them. */

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;
export const RARP_REQUEST = 3;
export const RARP_REPLY = 4;
export const INARP_REQUEST = 8;
export const INARP_REPLY = 9;

const WORDS: ReadonlyMap<number, string> = new Map([
  [ARP_REQUEST, 'request'],
  [ARP_REPLY, 'reply'],
  [RARP_REQUEST, 'RARP request'],
  [RARP_REPLY, 'RARP reply'],
  [5, 'DRARP request'],
  [6, 'DRARP reply'],
  [7, 'DRARP error'],
  [INARP_REQUEST, 'InARP request'],
  [INARP_REPLY, 'InARP reply'],
  [10, 'ARP NAK'],
]);

/** `RARP request`; `ARP operation 42` for one without a word here. */
export function arpWord(operation: number): string {
  return WORDS.get(operation) ?? `ARP operation ${operation}`;
}
