/** The host's routes beside those to its own networks, which the kernel makes of its addresses. */
import type { RouteSetup } from './protocol.ts';
import { tool } from './tool.ts';

/** `ip -batch` lines: for routes that go, and for those that come or stay. Routes that somebody else has added stay. */
export function linesOf(
  wanted: readonly RouteSetup[],
  before: readonly RouteSetup[],
): { gone: string[]; come: string[] } {
  const kept = new Set(wanted.map(routeOf));
  const gone = before.map(routeOf).filter((route) => !kept.has(route));
  return {
    gone: gone.map((route) => `route del ${route}\n`),
    come: [...kept].map((route) => `route replace ${route}\n`),
  };
}

/** Routes of `before` go where they are not wanted any more. */
export async function setRoutes(
  wanted: readonly RouteSetup[],
  before: readonly RouteSetup[] = [],
): Promise<void> {
  const { gone, come } = linesOf(wanted, before);
  // A route may be gone already, by hand or by the kernel with its card: that is no error.
  if (gone.length > 0) await tool(['ip', '-force', '-batch', '-'], gone.join('')).catch(() => {});
  if (come.length > 0) await tool(['ip', '-batch', '-'], come.join(''));
}

/**
 * Takes IPv4's default routes away, and returns what gives those back that do not lead out of `card`. An engine that changes the
 * cards of its container wants to be the one who says where the default route leads: its own goes then.
 */
export async function putDefaultsAside(card: string): Promise<() => Promise<void>> {
  const all = (await tool(['ip', '-4', 'route', 'show', 'default'])).split('\n').map((line) => line.trim());
  const others = all.filter((line) => line !== '' && !` ${line} `.includes(` dev ${card} `));
  const flush = () => tool(['ip', '-4', 'route', 'flush', 'default']);
  await flush();
  return async () => {
    await flush();
    // These words say how a route is at the moment: nobody can ask for them.
    const lines = others.map((line) => `route add ${line.replace(/ (linkdown|dead)\b/g, '')}\n`);
    if (lines.length > 0) await tool(['ip', '-batch', '-'], lines.join(''));
  };
}

function routeOf({ to, via, interface: card }: RouteSetup): string {
  // `default` alone would be IPv4's.
  const all = via.includes(':') ? '::/0' : '0.0.0.0/0';
  return `${to === 'default' ? all : to} via ${via} dev ${card}`;
}
