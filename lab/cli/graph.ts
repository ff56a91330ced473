/** `lanlab graph SCENARIO`: the lab that a scenario makes, drawn, and on request as an engine plans it; nothing is started. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { EngineName } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { planScenario } from '../plan/plan.ts';
import { type Graph, graphOf } from '../reports/graph.ts';
import { graphDot } from '../reports/graph-dot.ts';
import { graphMermaid } from '../reports/graph-mermaid.ts';
import { graphSvg } from '../reports/graph-svg.ts';
import { graphText } from '../reports/graph-text.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import type { GRAPH_FORMATS } from './graph-formats.ts';
import { tell } from './say.ts';
import { coloured } from './terminal.ts';

type Format = (typeof GRAPH_FORMATS)[number];

export interface GraphArguments {
  format?: Format;
  engine?: EngineName;
  output?: string;
}

/** The format for each ending of a file's name. */
const ENDINGS: Record<string, Format> = {
  txt: 'text',
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dot: 'dot',
  gv: 'dot',
  svg: 'svg',
};

export async function graph(file: string, { format, engine, output = '-' }: GraphArguments): Promise<void> {
  const scenario = await loadScenarioFile(file, vocabulary);
  const drawn = graphOf(engine === undefined ? planScenario(scenario) : await planFor(engine, scenario));
  const write = WRITERS[format ?? formatOf(output)];
  if (output === '-') tell(write(drawn, scenario.lab, look(process.stdout)));
  else await save(output, write(drawn, scenario.lab, { colour: false }));
}

/** With the engine's own: the machine of each host, the MTU, subnets that are free there. */
async function planFor(name: EngineName, scenario: Scenario): Promise<Plan> {
  const [{ chooseEngine }, { planOn }] = await Promise.all([
    import('../engines/index.ts'),
    import('../live/plan-on-engine.ts'),
  ]);
  const { engine } = await chooseEngine(name);
  return planOn(engine, scenario);
}

function formatOf(output: string): Format {
  const ending = extname(output).slice(1);
  const format = ending === '' ? 'text' : ENDINGS[ending];
  if (format) return format;
  throw new LabError('usage', `lanlab cannot draw a .${ending} file (${output})`, {
    hint: `give the file one of these endings: ${Object.keys(ENDINGS)
      .map((one) => `.${one}`)
      .join(', ')}; or say \`--format\``,
  });
}

interface Look {
  colour: boolean;
  width?: number;
}

const WRITERS: Record<Format, (graph: Graph, lab: string, look: Look) => string> = {
  text: (graph, _, look) => graphText(graph, look),
  mermaid: graphMermaid,
  dot: graphDot,
  svg: graphSvg,
};

function look(stdout: NodeJS.WriteStream): Look {
  return { colour: coloured(stdout), ...(stdout.columns && { width: Math.min(140, stdout.columns) }) };
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new LabError('usage', `-o ${file} cannot be written: ${(cause as Error).message}`, {
      hint: 'name a file that can be written',
      cause,
    });
  }
}
