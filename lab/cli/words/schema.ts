/** The words of `lanlab schema`. */
import type { Words } from './command.ts';

export const schemaWords: Words = (program, done) =>
  program
    .command('schema')
    .description('print the JSON Schema of a scenario, so that editors complete and check')
    .action(async () => {
      const { schemaFile } = await import('../schema.ts');
      process.stdout.write(schemaFile());
      done(0);
    });
