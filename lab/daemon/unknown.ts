/** The error for a name that nothing has: with the name that was most likely meant, and all names that exist. */
import { LabError } from '../errors.ts';
import { nearest } from '../scenario/hints/nearest.ts';

export function unknownHost(name: string, names: readonly string[], lab?: string): LabError {
  return unknown(`no host \`${name}\`${lab === undefined ? '' : ` in ${lab}`}`, name, names, 'hosts');
}

export function unknown(what: string, name: string, names: readonly string[], kind: string): LabError {
  const near = nearest(name, names);
  const meant = near === undefined ? '' : `, did you mean \`${near}\`?`;
  return new LabError('usage', `${what}${meant}`, { hint: `the ${kind} there are: ${names.join(', ')}` });
}
