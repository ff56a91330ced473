/** What is asked of the thread that carries frames, and what it answers. */
import type { Stage, Tally, Verdict } from './impairment.ts';

/** The thread's name, as the kernel shows it. */
export const CABLE_THREAD = 'cables';

/** A cable that is open: what comes by `from` leaves by `to`, for each direction. */
export interface OpenCable {
  name: string;
  out: Hop;
  in: Hop;
  /** Bytes of the largest packet. */
  mtu: number;
}

/** Two cards of the network that the thread is in. */
export interface Hop {
  from: string;
  to: string;
}

export interface ThreadCalls {
  open(cable: OpenCable): void;
  /** The stages of a cable from now on, in order. One that stood before goes on as it was. Tallies of those that went. */
  stand(request: { cable: string; stages: Stage[] }): Tally[];
  /** Frames that still wait are lost where they are from one of these cards, or all where none is named. */
  forget(request: { cable: string; direction: 'out' | 'in'; from?: string[] }): void;
  /** What is not open is no error. */
  close(cable: string): void;
  /** Verdicts since the last time, at most MOST_VERDICTS of a stage, and the tallies of what stands. */
  told(): Told;
}

export interface Told {
  verdicts: (Verdict & { cable: string })[];
  tallies: (Tally & { cable: string })[];
  /** Frames that a cable could not carry since it was opened: nobody decided that they are lost. */
  missed: { cable: string; direction: 'out' | 'in'; frames: number }[];
}

/** Of one stage: those that come later are counted only. */
export const MOST_VERDICTS = 20_000;

export type Request = {
  [Name in keyof ThreadCalls]: { number: number; call: Name; argument: Parameters<ThreadCalls[Name]>[0] };
}[keyof ThreadCalls];

export type Answer = { number: number } & (
  | { result: unknown }
  | { error: { message: string; code?: string } }
);
