/** `lanlab claims [SCENARIO…]`: the claims of the textbooks, with the steps that show them; with --prove, a proof. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Ran } from '../claims/false-world.ts';
import { listingJson, proofJson } from '../claims/json.ts';
import { listClaims } from '../claims/listing.ts';
import { claimsPage } from '../claims/markdown.ts';
import { proveClaims } from '../claims/prove.ts';
import type { Proved } from '../claims/proved.ts';
import { CLAIMS } from '../claims/table.ts';
import { listingText, proofText } from '../claims/text.ts';
import type { EngineName } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { PACKAGE_ROOT } from '../engines/package-root.ts';
import { LabError } from '../errors.ts';
import type { Scenario } from '../model/types.ts';
import { runScenario } from '../run/run.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { startProgress } from './progress.ts';
import { sayWaiting, tell } from './say.ts';
import { coloured, interruption } from './terminal.ts';

export interface ClaimsArguments {
  prove?: boolean;
  engine?: EngineName;
  filter?: string[];
  jobs: number;
  json?: boolean;
  markdown?: boolean;
}

export async function claims(files: string[], options: ClaimsArguments): Promise<number> {
  const scenarios: Scenario[] = [];
  for (const file of files.length > 0 ? files : scenarioFiles()) {
    scenarios.push(await loadScenarioFile(file, vocabulary));
  }
  const look = { colour: coloured(process.stdout), width: process.stdout.columns };
  const { filter = [], json } = options;
  if (options.prove) {
    const proved = await prove(scenarios, askedFor(files, filter, scenarios), options);
    tell(json ? proofJson(proved) : proofText(proved, look));
    return proved.proofs.every(({ verdict }) => verdict === 'shown') ? 0 : 1;
  }
  const listed = listClaims(scenarios).filter(
    ({ claim }) => filter.length === 0 || filter.includes(claim.id),
  );
  if (options.markdown) tell(claimsPage(listed));
  else tell(json ? listingJson(listed) : listingText(listed, look));
  return 0;
}

/** Where the user names scenarios, the claims that these show; otherwise every claim. */
function askedFor(
  files: readonly string[],
  filter: readonly string[],
  scenarios: readonly Scenario[],
): string[] {
  if (filter.length > 0) return [...filter];
  const all = CLAIMS.map(({ id }) => id);
  const shown = new Set(scenarios.flatMap(({ steps }) => steps.flatMap(({ shows }) => shows)));
  return files.length > 0 ? all.filter((id) => shown.has(id)) : all;
}

/** docs/claims.md, made from the project's own scenarios. */
export async function claimsDocument(): Promise<string> {
  const folder = join(PACKAGE_ROOT, 'scenarios');
  const scenarios = await Promise.all(scenariosIn(folder).map((file) => loadScenarioFile(file, vocabulary)));
  return claimsPage(listClaims(scenarios), (file) => `[${basename(file)}](../scenarios/${basename(file)})`);
}

/** The scenarios of the working directory, or else those that came with the package. */
function scenarioFiles(): string[] {
  return scenariosIn(existsSync('scenarios') ? 'scenarios' : join(PACKAGE_ROOT, 'scenarios'));
}

function scenariosIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

async function prove(
  scenarios: Scenario[],
  asked: string[],
  { engine, jobs }: ClaimsArguments,
): Promise<Proved> {
  using interrupted = interruption();
  const choice = await chooseEngine(engine, sayWaiting);
  const progress = startProgress(`proving on ${choice.engine.name}`);
  const began = performance.now();
  try {
    const proven = await proveClaims(scenarios, asked, {
      jobs,
      run: (scenario) => runQuietly(scenario, choice, interrupted.signal),
      progress: (begun, all, what) => progress.say(`lab ${begun} of ${all}: ${what}`),
    });
    await progress.done('well');
    return { ...proven, engine: choice.engine.name, took: performance.now() - began };
  } catch (error) {
    await progress.done('badly');
    // The code that notices an interruption first may not know its reason.
    throw interrupted.signal.aborted ? interrupted.signal.reason : error;
  }
}

/** An error that a user can fix keeps one lab from running, and not the others. */
async function runQuietly(scenario: Scenario, choice: Choice, signal: AbortSignal): Promise<Ran> {
  try {
    return await runScenario(scenario, { engine: choice.engine, chosen: choice, signal, onConflict: 'wait' });
  } catch (error) {
    if (signal.aborted || !(error instanceof LabError)) throw error;
    return { steps: [], stopped: { code: error.code, message: error.message } };
  }
}
