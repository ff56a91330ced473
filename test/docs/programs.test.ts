/** What the pages say of the five programs, against their code: which variables there are, and which ports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SERVICES } from '../../lab/model/types.ts';
import { ROOT } from '../cli/command.ts';
import { readPage, rowsUnder } from './page.ts';

const read = (path: string) => readFileSync(join(ROOT, 'services', path), 'utf8');

/** Variables of every program, by the function of environment.ts that reads them. */
const SHARED: Record<string, string> = { hostsFrom: 'HOST', groupsFrom: 'GROUP', eventLevelFrom: 'EVENTS' };

/** Each variable that a program's own code names, and the number that it is without it. */
function variablesOf(name: string): Map<string, string | undefined> {
  const files = readdirSync(join(ROOT, 'services', name)).filter((file) => file.endsWith('.ts'));
  const code = files.map((file) => read(`${name}/${file}`)).join('\n');
  const called = [...code.matchAll(/\b\w+From\(\s*env,\s*'([A-Z_]+)',\s*(\d+)?/g)];
  const named = [...code.matchAll(/\benv\.([A-Z_]+)\b/g)];
  const shared = Object.entries(SHARED).filter(([reader]) => code.includes(`${reader}(env)`));
  return new Map([
    ...named.map(([, variable]) => [variable!, undefined] as const),
    ...called.map(([, variable, fallback]) => [variable!, fallback] as const),
    ...shared.map(([, variable]) => [variable, undefined] as const),
  ]);
}

const page = readPage('docs/reference/programs.md');

test.each(SERVICES)('every variable of %s is in its table, and no other', (name) => {
  const rows = rowsUnder(page, name);
  const variables = variablesOf(name);
  expect(variables.size).toBeGreaterThan(2);
  expect(rows.map(([variable]) => variable).sort()).toEqual(
    [...variables.keys()].map((one) => `\`${one}\``).sort(),
  );
});

test.each(SERVICES)('the ports of %s are what its code takes without a variable', (name) => {
  const ports = [...variablesOf(name)].filter(([variable]) => variable.includes('PORT'));
  const rows = new Map(rowsUnder(page, name).map(([variable, fallback]) => [variable, fallback]));
  expect(ports.length).toBeGreaterThan(0);
  for (const [variable, fallback] of ports) expect(rows.get(`\`${variable}\``)).toBe(fallback);
  const overview = rowsUnder(page, 'The five programs').find(([program]) => program!.startsWith(`[${name}]`));
  expect(overview![2]!.split(', ')).toEqual(ports.map(([, fallback]) => fallback));
});
