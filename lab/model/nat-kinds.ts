/**
 * The two questions that RFC 4787 asks about a NAT, mapping (section 4.1) and filtering (section 5), their three answers, and
 * the older words that answer both at once.
 */

/** The answers depend on more and more of the other side: on nothing, on its address, on its address and port. */
export const DEPENDS = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const;
export type Depends = (typeof DEPENDS)[number];

/** Shorthands for the same answer to both questions. */
export const NAT_KINDS = ['endpoint-independent', 'address-dependent', 'symmetric'] as const;
export type NatKind = (typeof NAT_KINDS)[number];

/** The answers of one NAT: when it uses a mapping again, and whose packets it lets in. */
export interface NatBehaviour {
  mapping: Depends;
  filtering: Depends;
}

/** As most routers of homes do it: one outside port for all, and only packets of hosts that were sent to come in. */
const HOME: NatBehaviour = { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' };

export function behaviourOf(
  kind: NatKind | undefined,
  written: { mapping?: Depends | undefined; filtering?: Depends | undefined },
): NatBehaviour {
  const both = kind === 'symmetric' ? 'address-and-port-dependent' : kind;
  return {
    mapping: written.mapping ?? both ?? HOME.mapping,
    filtering: written.filtering ?? both ?? HOME.filtering,
  };
}

/** RFC 4787 section 4.3, REQ-5: a mapping lasts two minutes at least, five are recommended. In milliseconds. */
export const LASTS = 300_000;

/** How a NAT differs from most routers of homes, in a scenario's words; undefined where it does not. */
export function showBehaviour({ mapping, filtering }: NatBehaviour): string | undefined {
  if (mapping === HOME.mapping && filtering === HOME.filtering) return undefined;
  const kind = NAT_KINDS.find((one) => {
    const both = behaviourOf(one, {});
    return both.mapping === mapping && both.filtering === filtering;
  });
  return kind ?? `mapping ${mapping}, filtering ${filtering}`;
}
