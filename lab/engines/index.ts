/** The table of engines, and the choice of one for a run. */
import { LabError } from '../errors.ts';
import { composeEngine } from './compose/engine.ts';
import { dockerEngine } from './docker/index.ts';
import { ENGINE_NAMES, type Engine, type EngineName, type EngineReport } from './engine.ts';
import { mustOpenFiles } from './few-descriptors.ts';
import { netnsEngine } from './netns/engine.ts';
import { swarmEngine } from './swarm/index.ts';

const makers: Record<EngineName, () => Engine> = {
  docker: dockerEngine,
  netns: netnsEngine,
  compose: composeEngine,
  swarm: swarmEngine,
};

export function engineNamed(name: EngineName): Engine {
  return makers[name]();
}

/** Every engine with its report, best first. */
export async function probeEngines(
  waiting?: (line: string) => void,
): Promise<{ engine: Engine; report: EngineReport }[]> {
  return Promise.all(
    ENGINE_NAMES.map(async (name) => {
      const engine = engineNamed(name);
      return { engine, report: await engine.probe(waiting) };
    }),
  );
}

export interface Choice {
  engine: Engine;
  report: EngineReport;
  /** Why this one, for a person: one line, and how to get a better one where there is one. */
  why: string[];
}

/**
 * The engine that was asked for, or the first that answers; `waiting` is called where one takes long. Throws LabError:
 * `no-engine`, or `machine` where there are too few file descriptors.
 */
export async function chooseEngine(asked?: EngineName, waiting?: (line: string) => void): Promise<Choice> {
  mustOpenFiles();
  if (asked) {
    const engine = engineNamed(asked);
    const report = await engine.probe(waiting);
    if (report.lacking) throw noEngine(`the engine ${asked} does not answer`, [report]);
    return { engine, report, why: ['asked for'] };
  }
  const passed: EngineReport[] = [];
  for (const name of ENGINE_NAMES) {
    const engine = engineNamed(name);
    const report = await engine.probe(waiting);
    if (!report.lacking) return { engine, report, why: whyNot(passed) };
    passed.push(report);
  }
  throw noEngine('no engine can run this here', passed);
}

function whyNot(passed: readonly EngineReport[]): string[] {
  return passed.flatMap(({ name, lacking }) => [
    `not ${name}: ${lacking?.why}`,
    `to get it: ${lacking?.hint}`,
  ]);
}

function noEngine(message: string, reports: readonly EngineReport[]): LabError {
  const whys = reports.map(({ name, lacking }) => `${name}: ${lacking?.why}`);
  const hints = reports.map(({ name, lacking }) => `${name}: ${lacking?.hint}`);
  return new LabError('no-engine', [message, ...whys].join('\n  '), { hint: hints.join('\n        ') });
}
