/** The vocabulary: a row for each word a scenario may use. A word is one file in steps/, expectations/ or faults/. */
import type { ExpectationKind } from './expectations/expectation.ts';
import { fails } from './expectations/fails.ts';
import { fields } from './expectations/fields.ts';
import { receive } from './expectations/receive.ts';
import { says } from './expectations/says.ts';
import { seen } from './expectations/seen.ts';
import { sockets } from './expectations/sockets.ts';
import { wire } from './expectations/wire.ts';
import { crash } from './faults/crash.ts';
import { cut } from './faults/cut.ts';
import { type FaultKind, faultStep } from './faults/fault.ts';
import { full } from './faults/full.ts';
import { heal } from './faults/heal.ts';
import { kill } from './faults/kill.ts';
import { blackhole } from './faults/links/blackhole.ts';
import { drop } from './faults/links/drop.ts';
import { impairments } from './faults/links/impair.ts';
import { reject } from './faults/links/reject.ts';
import { reset } from './faults/links/reset.ts';
import { move } from './faults/move.ts';
import { pause } from './faults/pause.ts';
import { plug } from './faults/plug.ts';
import { resume } from './faults/resume.ts';
import { skew } from './faults/skew.ts';
import { slow } from './faults/slow.ts';
import { start } from './faults/start.ts';
import { stop } from './faults/stop.ts';
import { unplug } from './faults/unplug.ts';
import type { Vocabulary } from './scenario/vocabulary.ts';
import { chat } from './steps/chat.ts';
import { download } from './steps/download.ts';
import { exec } from './steps/exec.ts';
import { http } from './steps/http.ts';
import { lease } from './steps/lease.ts';
import { listen } from './steps/listen.ts';
import { ntp } from './steps/ntp.ts';
import { ping } from './steps/ping.ts';
import type { StepKind } from './steps/step.ts';
import { tcp } from './steps/tcp.ts';
import { time } from './steps/time.ts';
import { udp } from './steps/udp.ts';

/** The words by kind. */
export interface Kinds {
  /** The actions: those of a host, and those on the lab, which break something or repair it. */
  steps: readonly StepKind[];
  /** The faults: the words under `fault`. */
  faults: readonly FaultKind[];
  /** The expectations: the words under `expect`. */
  expectations: readonly ExpectationKind[];
}

const FAULTS: readonly FaultKind[] = [
  cut,
  unplug,
  move,
  ...impairments,
  drop,
  blackhole,
  reset,
  reject,
  stop,
  kill,
  crash,
  pause,
  skew,
  full,
  slow,
];
const STEPS: readonly StepKind[] = [tcp, udp, listen, time, ntp, download, chat, http, ping, exec, lease];
const REPAIRS: readonly StepKind[] = [heal, plug, start, resume];

const EXPECTATIONS: readonly ExpectationKind[] = [receive, fails, seen, says, sockets, fields, wire];

/** Words of the user's own, in the order in which they were added. */
const own = { steps: [] as StepKind[], faults: [] as FaultKind[], expectations: [] as ExpectationKind[] };

export let { steps, faults, expectations } = all();

function all(): Kinds {
  const breakable = [...FAULTS, ...own.faults];
  return {
    steps: [...STEPS, faultStep(breakable), ...REPAIRS, ...own.steps],
    faults: breakable,
    expectations: [...EXPECTATIONS, ...own.expectations],
  };
}

/** Adds words of the user's own, for this process and from now on (lab/api/own/use.ts). */
export function add(more: Partial<Kinds>): void {
  own.steps.push(...(more.steps ?? []));
  own.faults.push(...(more.faults ?? []));
  own.expectations.push(...(more.expectations ?? []));
  ({ steps, faults, expectations } = all());
}

/** The words of this moment, as the loader reads them. */
export const vocabulary: Vocabulary & Pick<Kinds, 'faults'> = {
  get steps() {
    return steps;
  },
  get faults() {
    return faults;
  },
  get expectations() {
    return expectations;
  },
};
