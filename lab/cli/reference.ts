/** The reference page of this very command and vocabulary. */
import { referenceText, type Tables } from '../reports/reference.ts';
import { controlForm } from '../scenario/control-form.ts';
import { hostSchema } from '../scenario/hosts.ts';
import { expectations, faults, steps } from '../vocabulary.ts';
import { makeProgram } from './program.ts';

export function referencePage(): string {
  const tables = {
    steps,
    faults,
    expectations,
    host: hostSchema,
    control: controlForm,
    program: makeProgram(() => {}),
  };
  return referenceText(tables as unknown as Tables);
}
