/** The captured frames of a run as ladders: one for each step. */
import { familyOf, linkLocalOf } from '../../model/address.ts';
import type { StepResult } from '../../outcomes/step-result.ts';
import { followTcp } from '../../wire/conversations/follow.ts';
import { cableViews, endsByCables } from '../../wire/ladder/cables.ts';
import type { Ladder } from '../../wire/ladder/ladder.ts';
import { endsByCards, namesOf, type Party } from '../../wire/ladder/lanes.ts';
import { makeLadder } from '../../wire/ladder/make.ts';
import { withRepairs } from '../../wire/ladder/repairs.ts';
import { viewsOf } from '../../wire/ladder/tcp.ts';
import { mergeCaptures } from '../../wire/merge.ts';
import { printFrame } from '../../wire/print.ts';
import { nanosecondsBetween, type Stamp } from '../../wire/stamp.ts';
import type { SeenFrame } from '../../wire/timeline.ts';
import { type RunResult, wasReached } from '../result.ts';

/** A ladder for each step that was done; empty where nothing was captured in the whole run. */
export function laddersOf(run: RunResult): Map<StepResult, Ladder> {
  const { captured } = run;
  if (!captured) return new Map();
  const { cards, frames, losses } = captured;
  // A frame that is absent from an incomplete capture may have been there.
  const whole = cards.filter(({ host }) => !losses.some((loss) => loss.host === host));
  const merged = mergeCaptures(
    cards.map((card, index) => ({ card, frames: frames.filter((frame) => frame.card === index) })),
  );
  const parties = partiesOf(run);
  const names = namesOf(parties);
  const followed = followTcp(merged, { captured: whole });
  const cables = run.cables && withRepairs(cableViews(merged, run.cables), followed);
  const ends = endsByCards(parties, whole, merged);
  const options = {
    parties,
    ends: cables ? endsByCables(ends, cables) : ends,
    ...(cables && { cables }),
    print: ({ frame }: SeenFrame) => printFrame(frame, names),
    tcp: viewsOf(followed),
  };
  const done = run.steps.filter((step) => wasReached(step) && !step.skipped);
  return new Map(
    done.map((step, place) => {
      const [began, end] = [step, done[place + 1]].map((one) => one && stampOf(one.started!));
      const lines = step.checks.flatMap((check) => check.frames ?? []);
      return [step, makeLadder(between(merged, began!, end), { ...options, lines, began: began! })];
    }),
  );
}

/** The frames from a step's beginning to the next one's: frames after the end of a step still belong to it. */
function between(frames: readonly SeenFrame[], began: Stamp, end: Stamp | undefined): SeenFrame[] {
  return frames.filter(({ sightings: [first] }) => {
    const isBefore = end === undefined || nanosecondsBetween(first!, end) > 0;
    return isBefore && nanosecondsBetween(began, first!) >= 0;
  });
}

function stampOf(iso: string): Stamp {
  const milliseconds = Date.parse(iso);
  return { seconds: Math.floor(milliseconds / 1000), nanoseconds: (milliseconds % 1000) * 1e6 };
}

export function partiesOf({ hosts }: Pick<RunResult, 'hosts'>): Party[] {
  return hosts.map(({ name, interfaces }) => ({
    name,
    macs: interfaces.map(({ mac }) => mac),
    addresses: interfaces.flatMap(({ addresses, mac }) => {
      const six = addresses.some((address) => familyOf(address) === 'ipv6');
      return [...addresses, ...(six ? [linkLocalOf(mac)] : [])];
    }),
  }));
}
