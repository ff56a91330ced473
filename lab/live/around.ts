/** The parts of a lab that its hosts share while they come up, and while their programs start. */
import type { LiveNetwork } from '../engines/engine.ts';
import type { Certificates } from './certificates.ts';
import type { Journal } from './journal.ts';

export interface Around {
  /** The engine's side of the lab: for programs that start again, and hosts that come and go. */
  network: LiveNetwork;
  /** The events and lines of all hosts, in order of arrival. */
  journal: Journal;
  /** For hosts that come later, and for programs that start again. */
  certificates: Certificates;
}
