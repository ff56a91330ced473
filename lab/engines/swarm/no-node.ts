/** The error for a machine that is none of the lab's. */
import { LabError } from '../../errors.ts';

export function noNode(name: string, names: readonly string[]): LabError {
  return new LabError('usage', `no node is called ${name}`, {
    hint: `nodes are ${names.join(', ')} (lanlab engines)`,
  });
}
