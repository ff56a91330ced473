/** `programs:`, written once for several hosts. The keys of a program are laid under those of a host that names it. */
import { isMap, isScalar, type Node } from 'yaml';
import { z } from 'zod';
import { nearest } from '../hints/nearest.ts';
import { checkName } from '../networks/networks.ts';
import { check } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { describe, type Entry, entriesOf, plain, readMap } from '../text/tree.ts';
import { laidOver, mapOf, type NodePair, pairsOf, textOf } from '../values/lay-over.ts';
import { envSchema, filesSchema } from './host-values.ts';
import { checkOneProgram, programKeys, RUNNABLE } from './program.ts';

const PROGRAM = 'program';
const EXAMPLE = { peer: { command: ['python3', '/srv/peer.py'] } };
const HINT = 'write programs: { peer: { command: [python3, /srv/peer.py] } }';

export const programSchema = z.strictObject({ ...programKeys, env: envSchema, files: filesSchema });

/** The keys and values of each program, without those that are wrong, by its name. */
export type Programs = ReadonlyMap<string, readonly NodePair[]>;

/** Problems with programs are noted on the page, also where no host has them. */
export function readPrograms(page: Page, entry: Entry | undefined): Programs {
  const programs = new Map<string, readonly NodePair[]>();
  const entries = entry && readMap(page, '`programs`', entry.value, entry.at, HINT);
  for (const one of entries ?? []) {
    checkName(page, one, 'a program');
    programs.set(one.key, readProgram(page, one));
  }
  return programs;
}

function readProgram(page: Page, entry: Entry): readonly NodePair[] {
  const what = `program \`${entry.key}\``;
  if (!readMap(page, what, entry.value, entry.at, HINT)) return [];
  const read = check(page, programSchema, entry.value, entry.at, what, () => ({
    level: 'host',
    form: programSchema,
    example: EXAMPLE.peer,
  }));
  const written = entriesOf(entry.value).map(({ key }) => key);
  const runs = written.some((key) => RUNNABLE.includes(key));
  if (read && runs) checkOneProgram(page, entry, read.value, what);
  else if (read)
    refuse(page, entry.at, `${what} does not say what runs`, {
      hint: 'write `service`, `image`, `build` or `command`',
    });
  const shape: Record<string, z.ZodType> = programSchema.shape;
  const first = RUNNABLE.find((key) => written.includes(key));
  return pairsOf(entry.value).filter((pair) => {
    const key = textOf(pair);
    const second = RUNNABLE.includes(key) && key !== first && key !== 'command';
    return !second && shape[key]?.safeParse(plain(pair.value)).success === true;
  });
}

/** The hosts with what their programs say: a host's own keys come before those, one by one in `env`, `files` and `ready`. */
export function withPrograms(page: Page, hosts: Entry, programs: Programs): Entry {
  if (!isMap(hosts.value)) return hosts;
  const pairs = pairsOf(hosts.value).map((pair): NodePair => {
    const named = entriesOf(pair.value).find(({ key }) => key === PROGRAM);
    const program = named && programOf(page, named, textOf(pair), pair.value!, programs);
    if (!program) return pair;
    const own = pairsOf(pair.value).filter((one) => textOf(one) !== PROGRAM);
    const laid = laidOver(program, mapOf(pair.value!, own));
    return { ...pair, value: mapOf(pair.value!, laid) } as NodePair;
  });
  return { ...hosts, value: mapOf(hosts.value, pairs) };
}

function programOf(
  page: Page,
  { at, value }: Entry,
  host: string,
  around: Node,
  programs: Programs,
): readonly NodePair[] | undefined {
  const name = isScalar(value) ? value.value : undefined;
  const allowed = [...programs.keys()];
  if (typeof name !== 'string') {
    const hint = isMap(value)
      ? 'write its keys at the host itself, or under `programs` with a name'
      : 'a host runs one program: write program: peer';
    const message = `\`${PROGRAM}\` names one of \`programs\`, found ${describe(value)}`;
    refuse(page, value ?? at, message, { hint, allowed, settled: true });
    return undefined;
  }
  const beside = entriesOf(around).find(({ key }) => RUNNABLE.includes(key));
  if (beside)
    refuse(page, beside.at, `host \`${host}\` has \`${PROGRAM}\` and \`${beside.key}\``, {
      hint: 'a host runs one program: leave one of them out',
    });
  const found = programs.get(name);
  if (found) return found.filter((pair) => !beside || !RUNNABLE.includes(textOf(pair)));
  const meant = nearest(name, allowed);
  const hint = meant ? `did you mean \`${meant}\`?` : allowed.length === 0 ? HINT : undefined;
  refuse(page, value!, `no program \`${name}\``, { hint, allowed });
  return undefined;
}
