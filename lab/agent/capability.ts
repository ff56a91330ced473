/** The things that a host can do here, with a reason and a hint for each that it cannot do. */

export interface Lacking {
  /** The thing that is missing, and how that was found out. */
  why: string;
  /** How to get it, for instance the Debian package. */
  hint: string;
}

/** Things a host can or cannot do here; found out by doing them. */
export const CAPABILITIES = [
  'patch',
  'offload',
  'frames',
  'capture',
  'ping',
  'sockets',
  'lease',
  'serve',
] as const;
export type Capability = (typeof CAPABILITIES)[number];
export type Capabilities = Record<Capability, true | Lacking>;
