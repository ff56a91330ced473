/**
 * Drops the IPv6 messages that a host's kernel sends by itself. Some report the groups of its own addresses (RFC 3810; there
 * is no switch to listen, and no setting for it), or the group of routers. Others say that somebody else is nearer (RFC 4861
 * section 8). On the ends of its cable the kernel says nothing at all. Groups that a program joins are reported as ever.
 */
import { tool } from '../tool.ts';

/** Solicited-node groups (RFC 4291 section 2.7.1), and those of all routers. */
const SOLICITED = '0xff0200000000000000000001ff';
const ROUTERS = ['0xff010000000000000000000000000002', '0xff020000000000000000000000000002'];
const SITE_ROUTERS = '0xff050000000000000000000000000002';

/** Bits from the ICMPv6 header to the group: to the only one (RFC 2710), or to that of the first record (RFC 3810). */
const REPORTS = [
  ['{ mld-listener-report, mld-listener-done }', 64],
  ['mld2-listener-report', 96],
] as const;

export function compileQuiet(): string {
  const groups = REPORTS.flatMap(([types, offset]) => [
    `    icmpv6 type ${types} @th,${offset},104 ${SOLICITED} drop`,
    ...[...ROUTERS, SITE_ROUTERS].map((group) => `    icmpv6 type ${types} @th,${offset},128 ${group} drop`),
  ]);
  return [
    'table ip6 lanlab_quiet',
    'delete table ip6 lanlab_quiet',
    'table ip6 lanlab_quiet {',
    '  chain leaving {',
    '    type filter hook output priority -450; policy accept;',
    ...['patch', 'wire', 'turn', 'back', 'exit', 'left', 'entry', 'come'].map(
      (name) => `    oifname "${name}*" drop`,
    ),
    '    icmpv6 type { nd-redirect, nd-router-solicit } drop',
    ...groups,
    '  }',
    '}',
    '',
  ].join('\n');
}

export async function keepQuiet(): Promise<void> {
  await tool(['nft', '-f', '-'], compileQuiet());
}
