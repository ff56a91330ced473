/** One end of a conversation. */

export interface Endpoint {
  /** A literal address. The agent never resolves names. */
  address: string;
  port: number;
}
