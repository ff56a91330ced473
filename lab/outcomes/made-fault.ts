/** A fault that a step made: what it broke, and how it is healed. */
import type { Impairment, Lacking, Tally } from '../agent/protocol.ts';
import type { RunningProgram } from '../engines/engine.ts';

/** What has come of a fault's step, and the name it gave. `step` is that step's index, 1 for the first. */
export type MadeFault = { as?: string | undefined } & (
  | { fault: StandingFault; step: number; lacking?: undefined }
  | { fault?: undefined; lacking: Lacking }
);

/** What a step broke. `healed` where it was undone by itself; what `plug`, `start` or `resume` mended is not told here. */
export interface StandingFault {
  did: string;
  readonly broke: Broken;
  readonly healed: boolean;
  heal(): Promise<string>;
}

/** What a fault broke. */
export type Broken =
  /** Frames that `senders` send to `receivers` are lost on the cable, and, `both` ways, theirs too. */
  | { kind: 'cables'; senders: string[]; receivers: string[]; both: boolean }
  /** The cables of a host to these networks are out. */
  | { kind: 'plugs'; host: string; networks: string[] }
  /** What a host's program did by a signal; `run` is the run of the program that it was sent to. */
  | { kind: 'program'; host: string; end: 'stopped' | 'killed' | 'paused'; run: RunningProgram }
  /** Frames at these places are impaired; `id` is the one under which cables tell of it. */
  | {
      kind: 'impaired';
      id: string;
      places: readonly { host: string; card: string; direction: 'out' | 'in'; peers?: string[] }[];
      /** `alice – echo` */
      on: string;
      impairment: Impairment;
      /** Where something is drawn at random. */
      seed?: number | undefined;
      /** What it had done when it was healed; empty before. */
      done: CableTally[];
    }
  /** Something that a word of the user's own broke. */
  | { kind: 'own'; word: string };

/** What an impairment has done on the cable of a host's card. */
export type CableTally = Tally & { host: string; card: string };
