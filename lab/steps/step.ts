/** A step as the run sees it: checked arguments in, an outcome out. Failures of the network are outcomes. */
import type { Capability, Lacking } from '../agent/protocol.ts';
import type { Feature } from '../engines/engine.ts';
import type { Step } from '../model/types.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import type { StepWord } from '../scenario/vocabulary.ts';

export interface StepKind<Args = unknown> extends StepWord<Args> {
  needs?(args: Args): Capability[];
  /** A capability that some concerned host lacks, where this is not (only) the host at which the step is done. */
  lacking?(args: Args, context: StepContext): Lacking | undefined;
  /** Told that the step is left out. */
  skipped?(args: Args, lacking: Lacking, context: StepContext): void;
  /** The features that the engine must have. */
  features?(args: Args): Feature[];
  /** Machines that it names. */
  machines?(args: Args): string[];
  /** The action that comes now, for the progress line and for a step without a name. */
  explain(args: Args, step: Step): string;
  run(args: Args, step: Step, context: StepContext): Promise<Outcome>;
}
