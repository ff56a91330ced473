/** The words of `lanlab ladder`. */
import { InvalidArgumentError } from 'commander';
import type { LadderArguments } from '../ladder.ts';
import { MOST_FRAMES } from '../most-frames.ts';
import type { Words } from './command.ts';
import { wholeNumber } from './numbers.ts';

export const ladderWords: Words = (program, done) =>
  program
    .command('ladder')
    .description(
      'draw a capture (pcap or pcapng, also packed with gzip) as a ladder: a column for each host, an arrow for each frame',
    )
    .argument('<file>', 'a capture, for instance of lanlab capture or tcpdump; - is standard input')
    .option('--hosts <names>', 'only what these hosts send each other: names or addresses, as a,b', hostList)
    .option(
      '--conversation <n>',
      'only the conversation of this number in the list',
      wholeNumber(1, MOST_FRAMES),
    )
    .option('--list', 'list the conversations: ends, protocol, frames, bytes, how each ended')
    .option('--all', 'draw every frame, where many conversations would be listed')
    .option('--svg <file>', 'as a picture into a file')
    .option('--html <file>', 'as a page into a file, with the bytes of each frame')
    .option(
      '--most <n>',
      'draw so many frames, or list so many conversations, at most',
      wholeNumber(1, MOST_FRAMES),
      500,
    )
    .action(async (file: string, options: LadderArguments) => {
      const { ladder } = await import('../ladder.ts');
      done(await ladder(file, options));
    });

function hostList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('It is names or addresses with commas between: alice,10.0.0.2.');
}
