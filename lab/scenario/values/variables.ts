/** Variables of a program's environment, as `env:` has them. */

import { reading, show, Wrong } from '../../model/reading.ts';
import { lines } from './control-characters.ts';
import { scalar } from './values.ts';

/** Text, or what becomes text. */
export const variableValue = scalar.superRefine(lines('a variable'));

export const variable = reading(
  (input) => {
    if (typeof input === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(input)) return input;
    return new Wrong(`${show(input)} cannot name a variable`, 'write letters, digits and _, no digit first');
  },
  { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
);
