/** Finds the lab, or the lab of a host, that a word of the command line means. */
import { resolve } from 'node:path';
import { LabError } from '../errors.ts';
import type { LabState } from './state.ts';
import { unknown, unknownHost } from './unknown.ts';

/** Labs by their id, their name or their scenario file. One word may mean several. Throws LabError where no lab fits. */
export function labsCalled(word: string, labs: readonly LabState[]): LabState[] {
  const byId = labs.filter(({ id }) => id === word);
  if (byId.length > 0) return byId;
  const found = labs.filter(({ lab, file }) => lab === word || file === resolve(word));
  if (found.length > 0) return found;
  if (labs.length === 0) throw noLab();
  const names = labs.flatMap(({ lab, id }) => [lab, id]);
  throw unknown(`no lab \`${word}\` is up`, word, [...new Set(names)], 'labs');
}

/** The lab that is meant; without a word the only one that is up. */
export function oneLab(word: string | undefined, labs: readonly LabState[]): LabState {
  const found = word === undefined ? labs : labsCalled(word, labs);
  const [only, ...others] = found;
  if (!only) throw noLab();
  if (others.length === 0) return only;
  const what =
    word === undefined ? `${found.length} labs are up` : `${found.length} labs are called \`${word}\``;
  throw new LabError('usage', `${what}: ${found.map(shown).join(', ')}`, { hint: 'say which, by its id' });
}

/** The lab that has this host. */
export function labOfHost(host: string, word: string | undefined, labs: readonly LabState[]): LabState {
  if (word !== undefined || labs.length <= 1) {
    const lab = oneLab(word, labs);
    if (!namesOf(lab).includes(host)) throw unknownHost(host, namesOf(lab), lab.lab);
    return lab;
  }
  const having = labs.filter((lab) => namesOf(lab).includes(host));
  if (having.length === 1) return having[0]!;
  if (having.length === 0) throw unknownHost(host, [...new Set(labs.flatMap(namesOf))]);
  throw new LabError('usage', `${having.length} labs have a host ${host}: ${having.map(shown).join(', ')}`, {
    hint: `say which: --lab ${having[0]!.id}`,
  });
}

export function noLab(): LabError {
  return new LabError('usage', 'no lab is up', { hint: 'bring one up: lanlab up SCENARIO' });
}

const namesOf = ({ hosts }: LabState) => hosts.map(({ name }) => name);

const shown = ({ id, engine, lab }: LabState) => `${id} (${lab} on ${engine})`;
