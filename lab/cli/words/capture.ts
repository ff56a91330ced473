/** The words of `lanlab capture`. */
import type { CaptureArguments } from '../capture.ts';
import type { Words } from './command.ts';
import { wholeNumber } from './numbers.ts';
import { labOption } from './options.ts';

export const captureWords: Words = (program, done) =>
  program
    .command('capture')
    .description('print what is on the wire at a host of a lab that is up, until Ctrl-C')
    .argument('<host>', 'a host of the lab')
    .argument('[filter...]', 'only frames that pass this pcap-filter(7), for instance: tcp port 9000')
    .option('-w, --write <file>', 'pcapng into a file; - is standard output: … -w - | wireshark -k -i -')
    .option('-c, --count <n>', 'end after so many frames', wholeNumber(1, 1_000_000_000))
    .addOption(labOption())
    .action(async (host: string, filter: string[], options: CaptureArguments) => {
      const { capture } = await import('../capture.ts');
      done(await capture(host, filter.join(' '), options));
    });
