/** What a row of the bench is: a claim with a number, who it is measured against, and how. */
import type { Commands } from './commands.ts';
import type { Pair } from './ratios.ts';

export interface Row {
  /** As `--only` takes it. */
  name: string;
  /** What is measured; with the counts that `scale` gives. */
  what(setting: Setting): string;
  /** What it is divided by; undefined where the number stands alone. */
  against?: (setting: Setting) => string;
  /** The number may be this, and no more or no less. */
  limit: number;
  sense: 'at most' | 'at least';
  /** Of what one run of ours gives: seconds, MB, frames/s. */
  unit: string;
  /** Docker is stopped for it where the bench was asked to; else it has to answer. */
  docker: boolean;
  /** Why it cannot be measured here; undefined where it can. */
  lacking(setting: Setting): Promise<string | undefined>;
  /** Throws OursFailed or PeerFailed. Leaves nothing behind, also where it is aborted. */
  run(setting: Setting): Promise<Measured>;
}

export interface Measured {
  pairs: Pair[];
  /** What is printed beside it, a sentence each. */
  notes?: string[];
}

export interface Setting {
  /** A folder for this run's own files. */
  folder: string;
  commands: Commands;
  /** Numbers of hosts are multiplied by it: 1 is the real thing, less is for trying the bench. */
  scale: number;
  /** How often a row is measured instead of its own number. */
  times?: number;
  say(line: string): void;
}

/** lanlab did not do what was asked: there is no number, and that counts as over the limit. */
export class OursFailed extends Error {
  override readonly name = 'OursFailed';
}

/** The peer did not do what was asked: its time says nothing, so the row is void. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}

/** So many hosts, scaled; two at least, since one pings another. */
export function hosts(count: number, { scale }: Pick<Setting, 'scale'>): number {
  return Math.max(2, Math.round(count * scale));
}
