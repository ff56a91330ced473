/** The words of `lanlab schema`. */

import { tell } from '../say.ts';
import type { Words } from './command.ts';
import { useOption } from './options.ts';

export const schemaWords: Words = (program, done) =>
  program
    .command('schema')
    .description('print the JSON Schema of a scenario, so that editors complete and check')
    .addOption(useOption())
    .action(async () => {
      const { schemaFile } = await import('../schema.ts');
      tell(schemaFile());
      done(0);
    });
