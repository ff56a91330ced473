/** What a person calls the addresses of a capture. */

export interface Names {
  /** The host that has the literal address: `alice`. */
  host(address: string): string | undefined;
  /** The host whose card has the MAC address, in lower case. */
  card(mac: string): string | undefined;
}

/** Every address is itself. */
export const noNames: Names = { host: () => undefined, card: () => undefined };
