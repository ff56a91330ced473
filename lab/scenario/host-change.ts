/** `hosts:` of a control: some hosts brought up otherwise. What is written is laid over what the scenario says. */
import { check } from './check.ts';
import { hostSchema } from './hosts.ts';
import { nearest } from './nearest.ts';
import { type Page, refuse } from './page.ts';
import { programKeys, readProgram } from './program.ts';
import { type Entry, entriesOf, readMap } from './tree.ts';
import type { Host, Program } from './types.ts';

/** Every host, changed or not; what is wrong is noted on the page. */
export function changeHosts(page: Page, entry: Entry, hosts: ReadonlyMap<string, Host>): Map<string, Host> {
  const changed = new Map(hosts);
  for (const inner of readMap(page, '`hosts`', entry.value, entry.at) ?? []) {
    const host = hosts.get(inner.key);
    if (host) changed.set(inner.key, changeHost(page, inner, host));
    else {
      const known = [...hosts.keys()];
      const meant = nearest(inner.key, known);
      const mend = meant ? `did you mean \`${meant}\`?` : undefined;
      refuse(page, inner.at, `no host \`${inner.key}\``, { mend, allowed: known });
    }
  }
  return changed;
}

function changeHost(page: Page, entry: Entry, host: Host): Host {
  const shape = check(page, hostSchema, entry.value, entry.at, `host \`${entry.key}\``)?.value;
  const attached = entriesOf(entry.value).find(({ key }) => key === 'networks');
  if (attached) {
    refuse(page, attached.at, 'a control leaves every host on its networks', {
      mend: 'change its addresses by a step of `world`: exec: ip address …',
    });
  }
  if (!shape) return host;
  const { ready: otherReady, program: other } = hasProgram(shape) ? readProgram(page, entry, shape) : {};
  const program = other ?? withEnvironment(page, entry, host.program, shape.env);
  const ready = other ? otherReady : host.ready;
  const { program: _, ready: __, ...rest } = host;
  const files = Object.entries(shape.files ?? {}).map(([path, content]) => ({ path, content }));
  return {
    ...rest,
    ...(program && { program }),
    ...(ready && { ready }),
    files: [...host.files.filter(({ path }) => !files.some((file) => file.path === path)), ...files],
    sysctls: { ...host.sysctls, ...shape.sysctls },
  };
}

function hasProgram(shape: object): boolean {
  return Object.keys(programKeys).some((key) => key !== 'ready' && key in shape);
}

function withEnvironment(
  page: Page,
  entry: Entry,
  program: Program | undefined,
  env: Record<string, string> | undefined,
): Program | undefined {
  if (!env) return program;
  if (!program) refuse(page, entry.at, `\`${entry.key}\` has no program to give an environment to`);
  return program && { ...program, env: { ...program.env, ...env } };
}
