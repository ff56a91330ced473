/** The host's routes beside those to its own networks, which the kernel makes of its addresses. */
import type { RouteSetup } from './protocol.ts';
import { tool } from './tool.ts';

/** Those that were there go where they are not wanted any more. What somebody else has added stays. */
export async function setRoutes(
  wanted: readonly RouteSetup[],
  before: readonly RouteSetup[] = [],
): Promise<void> {
  for (const family of ['-4', '-6'] as const) {
    const ofFamily = (route: RouteSetup) => route.via.includes(':') === (family === '-6');
    await setFamily(family, wanted.filter(ofFamily), before.filter(ofFamily));
  }
}

async function setFamily(
  family: '-4' | '-6',
  wanted: readonly RouteSetup[],
  before: readonly RouteSetup[],
): Promise<void> {
  const kept = new Set(wanted.map(lineOf));
  // Taken away by hand meanwhile, or by the kernel with its card: then it is gone, and that is all right.
  const gone = before.map(lineOf).filter((line) => !kept.has(line));
  if (gone.length > 0) {
    await tool(['ip', family, '-force', '-batch', '-'], batch('del', gone)).catch(() => {});
  }
  if (wanted.length > 0) await tool(['ip', family, '-batch', '-'], batch('replace', [...kept]));
}

function lineOf({ to, via, interface: card }: RouteSetup): string {
  return `${to} via ${via} dev ${card}`;
}

function batch(verb: 'replace' | 'del', lines: readonly string[]): string {
  return lines.map((line) => `route ${verb} ${line}\n`).join('');
}
