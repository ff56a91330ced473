/** Law of the imports: data flows one way, `cli | api → run → vocabulary and reports → agent protocol → engines`. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LONGEST = 400;

interface Import {
  file: string;
  /** A file of this repository, from its root; otherwise the specifier as it is written. */
  target: string;
}

interface Rule {
  name: string;
  /** Whose imports it is about. */
  of: RegExp;
  /** What they may be. */
  only: RegExp;
  why: string;
}

const STEPS = 'lab/(outcomes|steps|expectations|faults|causes)/';
/** Anything but a file of lab/, services/ or a folder beside them. */
const PACKAGES = '(?!(lab|services|test|bench|bin|scripts|scenarios)/)';

const RULES: Rule[] = [
  {
    name: 'the agent imports only itself, birpc, Node, and for frames what makes system calls',
    of: /^lab\/agent\//,
    only: /^(lab\/agent\/|birpc$|koffi$|node:)/,
    why: 'its folder alone is what goes into a host',
  },
  {
    name: 'services import nothing from lab/',
    of: /^services\//,
    only: new RegExp(`^(services/|${PACKAGES})`),
    why: 'a program is any program: it knows of no lab',
  },
  {
    name: 'scenario/ imports only the model, errors.ts, the reader of lines, what patterns may cost, itself and packages',
    of: /^lab\/scenario\//,
    only: new RegExp(
      `^(lab/(scenario|model)/|lab/wire/lines/|lab/patterns/cost\\.ts$|lab/errors\\.ts$|${PACKAGES})`,
    ),
    why: 'a file is read and planned without knowing what will run it',
  },
  {
    name: 'the model and the plan know no text of a scenario, and of the agent only the numbers of a link',
    of: /^lab\/(model|plan)\//,
    only: new RegExp(
      `^(lab/model/|lab/plan/|lab/wire/lines/|lab/errors\\.ts$|lab/agent/cable/impairment\\.ts$|${PACKAGES})`,
    ),
    why: 'what a scenario means does not hang on how it is written',
  },
  {
    name: 'the model does not know how it is planned',
    of: /^lab\/model\//,
    only: /^(?!lab\/plan\/)/,
    why: 'a plan is made of it',
  },
  {
    name: 'wire/ imports nothing above it',
    of: /^lab\/wire\//,
    only: new RegExp(`^(lab/wire/|lab/errors\\.ts$|${PACKAGES})`),
    why: 'frames are decoded without knowing where they were captured',
  },
  {
    name: 'engines import the plan, the agent’s protocol and channel, what starts processes, what the first process is asked, errors and themselves',
    of: /^lab\/engines\//,
    only: new RegExp(
      `^(lab/engines/|lab/(errors|visible)\\.ts$|lab/agent/(cable/thread-calls|protocol|endpoint|setting-refused|patience|channel|spawn|descriptors)\\.ts$|lab/init/(calls|multiplex)\\.ts$|lab/keeper/(calls|gate-calls)\\.ts$|lab/clocks/|lab/model/(types|planned|bytes)\\.ts$|${PACKAGES})`,
    ),
    why: 'an engine carries bytes between a plan and its hosts, and knows no step',
  },
  {
    name: 'the first process of a lab imports agents, itself and what makes system calls',
    of: /^lab\/init\//,
    only: /^(lab\/(init|agent)\/|birpc$|koffi$|node:)/,
    why: 'it runs inside the lab and is told what to do',
  },
  {
    name: 'the keeper of a node imports what the agent has for calls and tools, and itself',
    of: /^lab\/keeper\//,
    only: /^(lab\/keeper\/|lab\/agent\/(capabilities|channel|tool|wall-clock)\.ts$|node:)/,
    why: 'it runs on a machine of its own and is told what to do',
  },
  {
    name: 'an engine does not import another, nor what engines share an engine',
    of: /^lab\/engines\/(docker|netns|compose|swarm|containers)\//,
    only: /^(?!lab\/engines\/index\.ts$)/,
    why: 'the list of engines is above them',
  },
  ...['docker', 'netns', 'compose', 'swarm', 'containers'].map((engine) => ({
    name: `${engine} imports the inside of no other engine`,
    of: new RegExp(`^lab/engines/${engine}/`),
    only: new RegExp(`^(?!lab/engines/(?!${engine}/|containers/|bundles/)[a-z]+/)`),
    why: 'what two engines need is in containers/ or beside them',
  })),
  {
    name: 'dockerode is imported by the engines docker and swarm and by what engines of containers share',
    of: /^(lab\/(?!engines\/(docker|swarm|containers)\/)|services\/)/,
    only: /^(?!dockerode$)/,
    why: 'code that speaks to Docker is found in three rooms',
  },
  {
    name: 'steps, expectations and faults know the agent’s protocol and the engines’ interface, neither’s inside',
    of: new RegExp(`^${STEPS}`),
    only: new RegExp(
      `^(${STEPS}|lab/(model|plan|scenario|wire|patterns)/|lab/errors\\.ts$|lab/live/(events|host|journal|lease-differs)\\.ts$|lab/agent/(protocol|endpoint|patience)\\.ts$|lab/engines/engine\\.ts$|${PACKAGES})`,
    ),
    why: 'the vocabulary is the same on every engine',
  },
  {
    name: 'causes look at outcomes and hosts, and know no step, expectation or fault',
    of: /^lab\/causes\//,
    only: /^(?!lab\/(steps|expectations|faults|engines|captures)\/)/,
    why: 'steps ask them why they failed',
  },
  {
    name: 'what is below the run does not import it, nor the command',
    of: /^lab\/(agent|engines|model|plan|scenario|wire|outcomes|steps|expectations|faults|causes)\//,
    only: /^(?!lab\/(cli|api|reports|claims|run|live\/up\.ts|vocabulary\.ts|index\.ts))/,
    why: 'data flows one way',
  },
  {
    name: 'reports, claims and the run know nothing of the command',
    of: /^lab\/(reports\/|claims\/|run\/|live\/|vocabulary\.ts)/,
    only: /^(?!lab\/cli\/)/,
    why: 'the command is one user of the run, the API another',
  },
  {
    name: 'who speaks to hosts does it through the agent’s protocol',
    of: /^lab\/(cli|api|reports|claims|steps|expectations|faults|causes|model|plan|scenario|wire)\//,
    only: /^(lab\/agent\/(setting-refused|endpoint|protocol|patience|cable\/impairment)\.ts$|(?!lab\/agent\/))/,
    why: 'the agent’s insides run elsewhere',
  },
];

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}

const IMPORT =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm;

function importsOf(file: string, text = readFileSync(join(ROOT, file), 'utf8')): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3]!;
    const target = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
    return { file, target };
  });
}

/** What is wrong with them, a line each. */
function broken({ of, only, why }: Rule, imports: readonly Import[]): string[] {
  return imports
    .filter(({ file, target }) => of.test(file) && !only.test(target))
    .map(({ file, target }) => `${file} imports ${target}: ${why}`);
}

/** `lab/steps` for what is in a folder, the file itself for what is not. */
function placeOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** A way from a place back to itself. */
function cycle(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const walk = (place: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(place);
    if (at >= 0) return [...path.slice(at), place];
    if (done.has(place)) return undefined;
    for (const next of arrows.get(place) ?? []) {
      const found = walk(next, [...path, place]);
      if (found) return found;
    }
    done.add(place);
    return undefined;
  };
  for (const place of arrows.keys()) {
    const found = walk(place, []);
    if (found) return found;
  }
  return undefined;
}

/** From place to place; what is imported within one is left out. */
function arrowsOf(imports: readonly Import[]): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    const [from, to] = [placeOf(file), placeOf(target)];
    if (from === to || !target.startsWith('lab/')) continue;
    arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
  }
  return arrows;
}

const files = [...sources('lab'), ...sources('services')];
const imports = files.flatMap((file) => importsOf(file));

describe('arrows', () => {
  test.each(RULES)('$name', (rule) => {
    expect(broken(rule, imports)).toEqual([]);
  });

  test('no file imports itself by way of others', () => {
    // What is loaded when it is called cannot keep a file from being loaded.
    const still = files.flatMap((file) =>
      importsOf(file, readFileSync(join(ROOT, file), 'utf8').replaceAll(/\bimport\(/g, 'later(')),
    );
    const arrows = Map.groupBy(still, ({ file }) => file);
    const targets = [...arrows].map(([file, all]): [string, Set<string>] => [
      file,
      new Set(all.map(({ target }) => target).filter((target) => arrows.has(target))),
    ]);
    expect(cycle(new Map(targets))).toBeUndefined();
  });

  test('no folder of lab/ imports itself by way of others', () => {
    const found = cycle(arrowsOf(imports.filter(({ file }) => file.startsWith('lab/'))));
    const ways = (found ?? []).slice(1).map((to, index) => {
      const from = found![index]!;
      const by = imports.find(({ file, target }) => placeOf(file) === from && placeOf(target) === to)!;
      return `${by.file} imports ${by.target}`;
    });
    expect(ways).toEqual([]);
  });

  test('every file begins with a sentence that says what it is for', () => {
    const without = [...files, ...sources('test')].filter((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return !/^(?:#!.*\n)?(?:\/\/\/.*\n)*\/\*\*\s/.test(text);
    });
    expect(without).toEqual([]);
  });

  test(`no file is over ${LONGEST} lines`, () => {
    const all = [...files, ...sources('test')];
    const long = all
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > LONGEST)
      .map(({ file, lines }) => `${file} has ${lines} lines: what it does is more than one idea`);
    expect(long).toEqual([]);
  });

  test('every import is seen, however it is written', () => {
    const text = [
      "import a from 'one';",
      "import {\n  type B,\n  c,\n} from './two.ts';",
      "export * from '../three.ts';",
      "import 'four';",
      "const five = await import('five');",
      "import type { Six } from 'six';",
      "// import seven from 'seven';",
      "const text = 'from \\'eight\\'';",
    ].join('\n');
    expect(importsOf('lab/steps/x.ts', text).map(({ target }) => target)).toEqual([
      'one',
      'lab/steps/two.ts',
      'lab/three.ts',
      'four',
      'five',
      'six',
    ]);
  });

  test('every rule is about files that are there, and says file, import and why when it is broken', () => {
    const about = RULES.filter(({ of }) => !files.some((file) => of.test(file)));
    expect(about.map(({ name }) => name)).toEqual([]);
    const wrong = importsOf('lab/agent/x.ts', "import { run } from '../run/run.ts';");
    expect(RULES.flatMap((rule) => broken(rule, wrong))).toContain(
      'lab/agent/x.ts imports lab/run/run.ts: its folder alone is what goes into a host',
    );
  });

  test('a cycle is found, however long', () => {
    const arrows = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['d', new Set(['a'])],
    ]);
    expect(cycle(arrows)).toEqual(['a', 'b', 'd', 'a']);
    arrows.delete('d');
    expect(cycle(arrows)).toBeUndefined();
  });
});
