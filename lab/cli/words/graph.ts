/** The words of `lanlab graph`. */
import { Option } from 'commander';
import type { GraphArguments } from '../graph.ts';
import { GRAPH_FORMATS } from '../graph-formats.ts';
import type { Words } from './command.ts';
import { engineOption, machinesOption, useOption } from './options.ts';

export const graphWords: Words = (program, done) =>
  program
    .command('graph')
    .description('draw the networks, hosts and routes of a scenario, start nothing')
    .argument('<scenario>', 'a scenario file')
    .addOption(
      new Option('--format <format>', 'text where neither this nor the file says otherwise').choices([
        ...GRAPH_FORMATS,
      ]),
    )
    .option('-o, --output <file>', 'into a file; its ending (.mmd, .dot, .svg) is a format')
    .addOption(engineOption('draw it as this engine plans it: on `swarm` with the machine of each host'))
    .addOption(machinesOption())
    .addOption(useOption())
    .action(async (file: string, options: GraphArguments) => {
      const { graph } = await import('../graph.ts');
      await graph(file, options);
      done(0);
    });
