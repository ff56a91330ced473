/** Sets the host up as its plan says: sysctls, cards, routes, hosts file. Also finds out what can be done here. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findCapabilities } from './capabilities.ts';
import { setUpCards } from './cards.ts';
import { writeHostsFile } from './hosts-file.ts';
import { setRules } from './nft/host-rules.ts';
import type { Patch } from './nft/patch.ts';
import { forwardUntracked } from './nft/untracked.ts';
import type { AgentCalls, Capabilities, HostSetup, RouteSetup } from './protocol.ts';
import { writeResolvConf } from './resolv-conf.ts';
import { setRoutes } from './routes.ts';
import { SettingRefused } from './setting-refused.ts';

const FORWARD = 'net.ipv4.ip_forward';

export interface Configured {
  capabilities: Capabilities;
  patch: Patch | undefined;
}

export async function configure(setup: HostSetup): Promise<Configured> {
  const found = await findCapabilities();
  // Frames are taken up in the patch.
  const capabilities = found.patch === true ? found : { ...found, frames: found.patch };
  const sysctls = sortSysctls(setup.sysctls);
  setSysctls(setup.hostname, sysctls.before);
  const patch = await setUpCards(setup.interfaces, capabilities.patch === true);
  setSysctls(setup.hostname, sysctls.after);
  await setRoutes(setup.routes);
  // A NAT, and a firewall for its answers, work by connections: there the kernel has to follow them.
  const follows = setup.nat !== undefined || setup.firewall !== undefined;
  if (setup.sysctls[FORWARD] === '1' && !follows && capabilities.patch === true) await forwardUntracked();
  await setRules(setup);
  writeHostsFile(setup.hostsFile);
  writeResolvConf(setup.resolvers ?? []);
  return { capabilities, patch };
}

export async function renew(
  { members, hostsFile, routes }: Parameters<AgentCalls['renew']>[0],
  patch: Patch | undefined,
  before: readonly RouteSetup[] = [],
): Promise<void> {
  await patch?.admit(members);
  await setRoutes(routes, before);
  writeHostsFile(hostsFile);
}

/** Settings for all cards come before there are any cards, so that each card begins with them. */
export function sortSysctls(sysctls: HostSetup['sysctls']): Record<'before' | 'after', [string, string][]> {
  const ofOneCard = ([key]: [string, string]) => /\.eth\d+\./.test(key);
  const all = Object.entries(sysctls);
  return { before: all.filter((one) => !ofOneCard(one)), after: all.filter(ofOneCard) };
}

/** A container's /proc/sys is read-only: there the engine has set them, and this function makes sure. */
export function setSysctls(host: string, sysctls: readonly [string, string][]): void {
  for (const [key, value] of sysctls) {
    const path = `/proc/sys/${key.replaceAll('.', '/')}`;
    const found = contentOf(path);
    // A kernel without IPv6 lacks these settings, and sends nothing by IPv6 either.
    if (found === undefined && key.startsWith('net.ipv6.')) continue;
    if (found?.trim().replace(/\s+/g, ' ') === value) continue;
    try {
      writeFileSync(path, value);
    } catch (error) {
      throw new SettingRefused({ host, key, value, errno: (error as NodeJS.ErrnoException).code ?? '' });
    }
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export const writeHostFile: AgentCalls['writeFile'] = async ({ path, bytes, append, keep, mode = 0o644 }) => {
  if (keep && existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes, { flag: append ? 'a' : 'w', mode });
  chmodSync(path, mode);
};
