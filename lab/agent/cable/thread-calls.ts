/** The calls of the thread that carries frames, and its answers. */
import type { Stage, Tally, Verdict } from './impairment.ts';

/** The thread's name, as the kernel shows it. */
export const CABLE_THREAD = 'cables';

/** A cable that is open: the frames that come by `from` leave by `to`, in each direction. */
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
  /** Sets the stages of a cable, in order. Those that it already has go on as they are. Returns the tallies of those that go. */
  stand(request: { cable: string; stages: Stage[] }): Tally[];
  /** Drops frames that still wait: those from these cards, or all where no card is named. */
  forget(request: { cable: string; direction: 'out' | 'in'; from?: string[] }): void;
  /** Sends the frames of the host by another card from now on. */
  rehang(request: { cable: string; sends: string }): void;
  /** A cable that is not open is no error. */
  close(cable: string): void;
  /** The verdicts since the last call, at most MOST_VERDICTS of a stage, and the tallies of the stages. */
  told(): CableAccount;
}

export interface CableAccount {
  verdicts: (Verdict & { cable: string })[];
  tallies: (Tally & { cable: string })[];
  /** Frames that a cable could not carry since it was opened. No impairment decided that they are lost. */
  missed: { cable: string; direction: 'out' | 'in'; frames: number }[];
}

/** Verdicts of one stage. Later ones are only counted. */
export const MOST_VERDICTS = 20_000;

export type Request = {
  [Name in keyof ThreadCalls]: { number: number; call: Name; argument: Parameters<ThreadCalls[Name]>[0] };
}[keyof ThreadCalls];

export type Answer = { number: number } & (
  | { result: unknown }
  | { error: { message: string; code?: string } }
);
