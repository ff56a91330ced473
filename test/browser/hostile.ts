/** A run in which every text tries to be markup, and a frame carries a page's end. */
import type { RunResult } from '../../lab/reports/result.ts';
import { BEGAN, cards, Wire } from '../reports/ladders.ts';
import { failedStep, runOf } from '../reports/runs.ts';
import { capturedOf } from '../reports/traced.ts';

/** A variable that is there once any of it has run. */
export const MARKER = 'lanlabWasHere';

export const HOSTILE = `</script></style><script>${MARKER}=1</script><img src=x onerror="${MARKER}=1"> \x1b[31m\x07 "'><svg onload=${MARKER}=1>`;

export function hostileRun(): RunResult {
  const wire = new Wire().datagram('alice', 'echo', [40000, 9000], HOSTILE);
  wire.datagram('echo', 'alice', [9000, 40000], '</svg><b>"\x1b[2J');
  const step = {
    ...failedStep,
    name: HOSTILE,
    at: HOSTILE,
    did: HOSTILE,
    started: new Date(BEGAN.seconds * 1000).toISOString(),
    shows: [HOSTILE],
    where: { file: HOSTILE, line: 1, column: 1 },
    checks: [
      {
        kind: 'wire' as const,
        at: HOSTILE,
        came: 'nothing' as const,
        what: HOSTILE,
        held: false,
        expected: HOSTILE,
        found: HOSTILE,
        why: HOSTILE,
        frames: [{ at: HOSTILE, line: HOSTILE, after: 1, status: 'missing' as const }],
      },
    ],
  };
  return {
    ...runOf([step]),
    scenario: { file: HOSTILE, lab: HOSTILE, about: HOSTILE },
    networks: [{ name: HOSTILE, subnets: ['10.50.1.0/24'] }],
    hosts: cards.map(({ mac, addresses }, index) => ({
      name: index === 0 ? HOSTILE : `host-${index}`,
      program: HOSTILE,
      interfaces: [{ name: HOSTILE, network: HOSTILE, addresses: [addresses[0]!], mac }],
    })),
    captured: capturedOf(wire.frames),
  };
}
