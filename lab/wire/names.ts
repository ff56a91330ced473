/** Names for the addresses of a capture. */

export interface Names {
  /** The host that has the literal address: `alice`. */
  host(address: string): string | undefined;
  /** The host whose card has the MAC address, in lower case. */
  card(mac: string): string | undefined;
}

/** No address has a name. */
export const noNames: Names = { host: () => undefined, card: () => undefined };
