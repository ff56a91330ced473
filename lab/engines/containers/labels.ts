/** The labels of every Docker object of a lab: by them it is found, and left alone while its owner lives. */
import { newLabId } from '../lab-id.ts';
import { owner } from '../owner.ts';

export { isDead, owner } from '../owner.ts';

export const LAB = 'lanlab.lab';
export const NAME = 'lanlab.name';
export const HOST = 'lanlab.host';
export const OWNER = 'lanlab.owner';
/** On images only. They outlive labs, so they carry none of the others. */
export const IMAGE = 'lanlab.image';

export interface Lab {
  id: string;
  name: string;
}

export function newLab(name: string, id = newLabId(name)): Lab {
  return { id, name };
}

export function labelsOf(lab: Lab, host?: string): Record<string, string> {
  const labels = { [LAB]: lab.id, [NAME]: lab.name, [OWNER]: owner() };
  return host === undefined ? labels : { ...labels, [HOST]: host };
}
