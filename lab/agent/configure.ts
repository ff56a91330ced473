/** Makes the host what its plan says: sysctls, cards, routes, hosts file; and finds out what can be done here. */
import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findCapabilities } from './capabilities.ts';
import { setUpCards } from './cards.ts';
import type { Patch } from './patch.ts';
import type { AgentCalls, HostSetup, RouteSetup } from './protocol.ts';
import { writeResolvConf } from './resolv-conf.ts';
import { setRoutes } from './routes.ts';
import { setRules } from './rules.ts';
import { forwardUntracked } from './untracked.ts';

const FORWARD = 'net.ipv4.ip_forward';

export interface Configured {
  capabilities: Awaited<ReturnType<typeof findCapabilities>>;
  patch: Patch | undefined;
}

export async function configure(setup: HostSetup): Promise<Configured> {
  const capabilities = await findCapabilities();
  const sysctls = Object.entries(setup.sysctls);
  const ofCards = ([key]: [string, string]) => /\.eth\d+\./.test(key);
  // Before there are cards, so that they begin with what all of them are to have.
  await setSysctls(sysctls.filter((sysctl) => !ofCards(sysctl)));
  const patch = await setUpCards(setup.interfaces, capabilities.patch === true);
  await setSysctls(sysctls.filter(ofCards));
  await setRoutes(setup.routes);
  // A NAT and a firewall's answers are by connections: there the kernel has to follow them.
  const follows = setup.nat !== undefined || setup.firewall !== undefined;
  if (setup.sysctls[FORWARD] === '1' && !follows && capabilities.patch === true) await forwardUntracked();
  await setRules(setup);
  await writeFile('/etc/hosts', setup.hostsFile);
  await writeResolvConf(setup.resolvers ?? []);
  return { capabilities, patch };
}

/** The hosts file is written in place: it may be bound over another, and programs may have it open. */
export async function renew(
  { members, hostsFile, routes }: Parameters<AgentCalls['renew']>[0],
  patch: Patch | undefined,
  before: readonly RouteSetup[] = [],
): Promise<void> {
  await patch?.admit(members);
  await setRoutes(routes, before);
  await writeFile('/etc/hosts', hostsFile);
}

/** A container's /proc/sys is read-only: there the engine has set them, and this makes sure. */
async function setSysctls(sysctls: readonly [string, string][]): Promise<void> {
  for (const [key, value] of sysctls) {
    const path = `/proc/sys/${key.replaceAll('.', '/')}`;
    const found = await readFile(path, 'utf8').catch(() => undefined);
    // What a kernel without IPv6 does not have, it does not send either.
    if (found === undefined && key.startsWith('net.ipv6.')) continue;
    if (found?.trim().replace(/\s+/g, ' ') === value) continue;
    try {
      await access(path, constants.W_OK);
      await writeFile(path, value);
    } catch (error) {
      throw new Error(`sysctl ${key}=${value}: ${(error as Error).message}`, { cause: error });
    }
  }
}

export const writeHostFile: AgentCalls['writeFile'] = async ({ path, bytes, append }) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flag: append ? 'a' : 'w', mode: 0o644 });
};
