/** The program ends at once (SIGKILL) with all that it has started, without a word; the host's kernel closes what it had open. */
import { patient } from '../agent/patience.ts';
import { LabError } from '../errors.ts';
import { showTime } from '../outcomes/show.ts';
import { name } from '../scenario/values/values.ts';
import { type FaultKind, standing } from './fault.ts';
import {
  breaking,
  endBy,
  fieldsOf,
  referenceTo,
  runningAtAll,
  showEnd,
  showProcesses,
  startUnlessRunning,
} from './program.ts';

/** Milliseconds. Nothing can refuse SIGKILL: a process that takes longer hangs in the kernel. */
const ENDS_WITHIN = 10_000;

export const kill: FaultKind<string> = {
  word: 'kill',
  summary: 'Ends the program of a host at once (SIGKILL), also a paused one.',
  example: 'fault: { kill: echo }',
  schema: name.describe('The host whose program is ended.'),
  feature: 'signals',
  references: referenceTo,
  breaks: (host) => ({ ...breaking(host, 'killed', 'start'), outOf: ['paused'] }),
  explain: (host) => `kill the program of ${host}`,

  async begin(name, hosts) {
    const host = await runningAtAll(hosts, name);
    const { end, left } = await endBy(host, 'SIGKILL', patient(ENDS_WITHIN));
    if (!end || left.length > 0) {
      const which = left.length > 0 ? `: ${showProcesses(left)}` : '';
      throw new LabError(
        'scenario',
        `the program of ${name} runs ${showTime(patient(ENDS_WITHIN))} after SIGKILL${which}`,
      );
    }
    host.paused = false;
    const did = `killed the program of ${name}: ${showEnd(end)}`;
    const broke = { kind: 'program', host: name, end: 'killed', run: host.program } as const;
    return standing(did, broke, () => startUnlessRunning(host), fieldsOf(end));
  },
};
