/** `lanlab schema`: JSON Schema of a scenario, for editors. */
import type { Command } from 'commander';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { vocabulary } from '../vocabulary.ts';

export function schemaFile(): string {
  return `${JSON.stringify(scenarioJsonSchema(vocabulary), null, 2)}\n`;
}

export function schemaCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of a scenario, so that editors complete and check')
    .action(() => {
      process.stdout.write(schemaFile());
      done(0);
    });
}
