/** `lanlab graph SCENARIO`: the lab that a scenario makes, drawn; nothing is started. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { LabError } from '../errors.ts';
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

export async function graph(file: string, { format, output = '-' }: GraphArguments): Promise<void> {
  const scenario = await loadScenarioFile(file, vocabulary);
  const drawn = graphOf(planScenario(scenario));
  const write = WRITERS[format ?? formatOf(output)];
  if (output === '-') tell(write(drawn, scenario.lab, look(process.stdout)));
  else await save(output, write(drawn, scenario.lab, { colour: false }));
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
