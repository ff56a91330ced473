/** The program and all that it has started are asked to end (SIGTERM), and end in their own way. The host stays as it is. */
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
  running,
  showEnd,
  showProcesses,
  startUnlessRunning,
} from './program.ts';

/** Milliseconds: as long as container engines wait between SIGTERM and SIGKILL. */
const ENDS_WITHIN = 10_000;

export const stop: FaultKind<string> = {
  word: 'stop',
  summary: 'Asks the program of a host to end (SIGTERM) and waits until it has ended.',
  example: 'fault: { stop: echo }',
  schema: name.describe('The host whose program is ended.'),
  feature: 'signals',
  references: referenceTo,
  breaks: (host) => breaking(host, 'stopped', 'start'),
  explain: (host) => `stop the program of ${host}`,

  async begin(name, hosts) {
    const host = running(hosts, name);
    if (host.paused) {
      throw new LabError(
        'scenario',
        `the program of ${name} is paused: SIGTERM would wait until it goes on`,
        {
          hint: `resume it first (\`resume: ${name}\`), or kill it`,
        },
      );
    }
    const began = performance.now();
    const { end, left } = await endBy(host, 'SIGTERM', patient(ENDS_WITHIN));
    if (!end || left.length > 0) {
      const waited = showTime(patient(ENDS_WITHIN));
      const which = left.length > 0 ? `: ${showProcesses(left)}` : '';
      throw new LabError('scenario', `the program of ${name} still runs ${waited} after SIGTERM${which}`, {
        hint: `kill it: \`fault: { kill: ${name} }\``,
      });
    }
    const after = showTime(performance.now() - began);
    const did = `stopped the program of ${name}: ${showEnd(end)} after ${after}`;
    const broke = { kind: 'program', host: name, end: 'stopped', run: host.program } as const;
    return standing(did, broke, () => startUnlessRunning(host), fieldsOf(end));
  },
};
