/** Options that several commands have. */
import { InvalidArgumentError, Option } from 'commander';
import { bePatient, read } from '../../agent/patience.ts';
import { ENGINE_NAMES, ON_CONFLICT } from '../../engines/engine.ts';

export function engineOption(description = 'the engine that brings the hosts up'): Option {
  return new Option('--engine <name>', description).choices([...ENGINE_NAMES]);
}

export function conflictOption(): Option {
  return new Option('--on-conflict <how>', 'where another lab has a subnet: give up, or wait for it')
    .choices([...ON_CONFLICT])
    .default('refuse');
}

/** The factor holds for the rest of the command, and for every process that it starts. */
export function patienceOption(): Option {
  return new Option(
    '--patience <factor>',
    'multiply every limit in seconds: for a machine that is slow or busy',
  )
    .env('LANLAB_PATIENCE')
    .argParser((text) => {
      const factor = read(text);
      if (factor === undefined) throw new InvalidArgumentError('It is a factor from 1 to 100.');
      process.env.LANLAB_PATIENCE = String(factor);
      bePatient(factor);
      return factor;
    });
}

/** Machines of the engine `swarm` that are not found through a Swarm. They hold for every process that the command starts. */
export function machinesOption(): Option {
  return new Option(
    '--machines <list>',
    'the machines of one lab, with their Docker Engines: a=ssh://user@a,b=ssh://user@b',
  )
    .env('LANLAB_MACHINES')
    .argParser((text) => {
      process.env.LANLAB_MACHINES = text;
      return text;
    });
}

/** Where machines pull the images of a lab from, in place of having them sent. It holds for every process that the command starts. */
export function registryOption(): Option {
  return new Option(
    '--registry <place>',
    'put images of a lab over several machines there, for the others to pull: registry.example:5000/lab',
  )
    .env('LANLAB_REGISTRY')
    .argParser((text) => {
      // A variable that is empty names none.
      if (text !== '' && !PLACE.test(text))
        throw new InvalidArgumentError(
          'It is a host, and perhaps a port and a path: registry.example:5000/lab',
        );
      process.env.LANLAB_REGISTRY = text;
      return text;
    });
}

/** As the name of an image begins: no scheme, small letters in the path, no tag. */
const PLACE = /^[a-zA-Z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Words of the user's own: each file is loaded before a scenario is read (lab/api/own/load.ts). */
export function useOption(): Option {
  return new Option(
    '--use <file>',
    'a module with words of your own (docs/own-words.md); may be said again',
  ).argParser((file: string, before: string[] = []) => [...before, file]);
}

export function labOption(): Option {
  return new Option(
    '--lab <lab>',
    'which lab, by id, name or scenario file (default: the only lab that fits)',
  );
}
