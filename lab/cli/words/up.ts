/** The words of `lanlab up`. */
import type { UpArguments } from '../up.ts';
import type { Words } from './command.ts';
import { engineOption, machinesOption, patienceOption, registryOption, useOption } from './options.ts';

export const upWords: Words = (program, done) =>
  program
    .command('up')
    .description('bring a lab up that stays; run it again after an edit, and only what changed is changed')
    .argument('<scenario>', 'a scenario file')
    .addOption(patienceOption())
    .addOption(engineOption())
    .addOption(machinesOption())
    .addOption(registryOption())
    .option('--dry-run', 'say what would change, and do nothing')
    .addOption(useOption())
    .action(async (file: string, options: UpArguments) => {
      const { up } = await import('../up.ts');
      done(await up(file, options));
    });
