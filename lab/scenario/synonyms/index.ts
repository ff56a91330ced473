/**
 * Words that people bring from Docker, compose, containerlab, Ansible, netplan and elsewhere, and our words for them: a table
 * for each place in a scenario. Only a key that is not known at its place is looked up.
 */
import { underWord } from './arguments.ts';
import { card } from './card.ts';
import { expect } from './expect.ts';
import { host } from './host.ts';
import { lab } from './lab.ts';
import { network } from './network.ts';
import { step } from './step.ts';
import type { SynonymLevel, Synonyms } from './synonym.ts';

export const PLACES: Readonly<Record<SynonymLevel, Synonyms>> = {
  lab,
  network,
  host,
  card,
  step,
  expect,
  arguments: underWord,
};
