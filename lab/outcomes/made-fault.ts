/** A fault that a step made: the things that it broke, and how it is healed. */
import type { Impairment, Lacking, Tally } from '../agent/protocol.ts';
import type { RunningProgram } from '../engines/engine.ts';

/** The result of a fault's step, and the name it gave (`as`). `step` is the index of this step, 1 for the first. */
export type MadeFault = { as?: string | undefined } & (
  | { fault: StandingFault; step: number; lacking?: undefined }
  | { fault?: undefined; lacking: Lacking }
);

/** A fault in effect. `healed` where the fault itself was undone; a repair by `plug`, `start` or `resume` is not noted. */
export interface StandingFault {
  did: string;
  readonly broke: Broken;
  readonly healed: boolean;
  heal(): Promise<string>;
}

/** The things that a fault broke. */
export type Broken =
  /** Frames that `senders` send to `receivers` are lost on the cable. With `both`, those of `receivers` are lost too. */
  | { kind: 'cables'; senders: string[]; receivers: string[]; both: boolean }
  /** The cables of a host to these networks are out. */
  | { kind: 'plugs'; host: string; networks: string[] }
  /** The end or the pause of a host's program by a signal; `run` is the run of the program that got the signal. */
  | { kind: 'program'; host: string; end: 'stopped' | 'killed' | 'paused'; run: RunningProgram }
  /** Frames at these places are impaired; cables tell of this impairment under its `id`. */
  | {
      kind: 'impaired';
      id: string;
      places: readonly { host: string; card: string; direction: 'out' | 'in'; peers?: string[] }[];
      /** `alice – echo` */
      on: string;
      impairment: Impairment;
      /** Only some frames are impaired. */
      some: boolean;
      /** Present where something is drawn at random. */
      seed?: number | undefined;
      /** The tallies when the fault was healed; empty before. */
      done: CableTally[];
    }
  /** A host's card is on another network than the scenario says. */
  | { kind: 'moved'; host: string; from: string; to: string; lost: string[] }
  /** Something that a host has beside its cables and its program's life. */
  | { kind: 'host'; host: string; what: 'clock' | 'disk' | 'cpu' }
  /** Something that a word of the user's own broke. */
  | { kind: 'own'; word: string };

/** The count of frames that an impairment has changed on the cable of a host's card. */
export type CableTally = Tally & { host: string; card: string };
