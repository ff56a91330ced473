/** Options that several commands have. */
import { Option } from 'commander';
import { ENGINE_NAMES, ON_CONFLICT } from '../../engines/engine.ts';

export function engineOption(description = 'what brings the hosts up'): Option {
  return new Option('--engine <name>', description).choices([...ENGINE_NAMES]);
}

export function conflictOption(): Option {
  return new Option('--on-conflict <how>', 'where another lab has a subnet: give up, or wait for it')
    .choices([...ON_CONFLICT])
    .default('refuse');
}

export function labOption(): Option {
  return new Option(
    '--lab <lab>',
    'which lab, by id, name or scenario file (default: the one it can only be)',
  );
}
