/** resolv.conf(5): the name servers of a host, those of its plan and those that it learned by DHCP. */
import { writeFileSync } from 'node:fs';
import type { Resolver } from './protocol.ts';

/** No name server: names are in the hosts file, and a mistyped one must not go out as DNS. */
const NONE =
  '# Names of the lab are in the hosts file. There is no name server.\noptions timeout:1 attempts:1\n';

/** A server that does not answer is asked twice, a second each. */
export function compileResolvConf(resolvers: readonly Resolver[]): string {
  if (resolvers.length === 0) return NONE;
  const servers = [...new Set(resolvers.map(({ address }) => address))];
  const domains = [...new Set(resolvers.flatMap(({ domain }) => domain ?? []))];
  return [
    ...servers.map((address) => `nameserver ${address}`),
    ...(domains.length > 0 ? [`search ${domains.join(' ')}`] : []),
    'options timeout:1 attempts:2',
    '',
  ].join('\n');
}

/** Written in place: it may be mounted over another file. */
export function writeResolvConf(resolvers: readonly Resolver[]): void {
  writeFileSync('/etc/resolv.conf', compileResolvConf(resolvers));
}
