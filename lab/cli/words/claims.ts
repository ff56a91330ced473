/** The words of `lanlab claims`. */
import { type Command, Option } from 'commander';
import { CLAIMS } from '../../claims/table.ts';
import { LabError } from '../../errors.ts';
import type { ClaimsArguments } from '../claims.ts';
import type { Words } from './command.ts';
import { wholeNumber } from './numbers.ts';
import { engineOption, patienceOption } from './options.ts';

export const claimsWords: Words = (program, done) =>
  program
    .command('claims')
    .description(
      'list which steps show which claims of the textbooks; --prove: whether they fail where a claim is false',
    )
    .argument('[scenario...]', 'scenario files (default: all in scenarios/)')
    .option('--prove', 'run each scenario, and each of its controls in a lab of its own')
    .addOption(patienceOption())
    .addOption(engineOption('with --prove: the engine that brings the hosts up'))
    .option('--filter <claim>', 'only this claim, for instance C16; may be given more than once', collect)
    .option('--jobs <n>', 'with --prove: so many labs side by side', wholeNumber(1, 100), 2)
    .option('--json', 'as JSON')
    .addOption(new Option('--markdown', 'as a page').conflicts(['json', 'prove']))
    .action(async (files: string[], options: ClaimsArguments, command: Command) => {
      refuseWithoutProve(command);
      const { claims } = await import('../claims.ts');
      done(await claims(files, options));
    });

/** An option that would have no effect is a mistake. */
function refuseWithoutProve(command: Command): void {
  if (command.opts<ClaimsArguments>().prove) return;
  const unused = ['engine', 'jobs'].find((name) => command.getOptionValueSource(name) === 'cli');
  if (unused) throw new LabError('usage', `--${unused} goes with --prove`, { hint: 'add --prove' });
}

function collect(value: string, before: string[] = []): string[] {
  const id = value.toUpperCase();
  if (CLAIMS.some((claim) => claim.id === id)) return [...before, id];
  throw new LabError('usage', `${value} is not a claim`, {
    hint: 'claims are C1 to C36, P1 to P13 and W1 to W7',
  });
}
