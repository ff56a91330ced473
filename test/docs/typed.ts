/** What is wrong with a command line that a page shows, by the program's own tables. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeProgram } from '../../lab/cli/program.ts';
import { ROOT } from '../cli/command.ts';

const program = makeProgram(() => {});

/** The words of a command up to a pipe, quotes taken off. */
export function wordsOf(line: string): string[] {
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  const end = words.findIndex((word) => ['|', '&&', '>', '#'].includes(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/^"(.*)"$/, '$1'));
}

export function callsLanlab(line: string): boolean {
  return ['bin/lanlab', 'lanlab'].includes(wordsOf(line)[0] ?? '');
}

/** Undefined where lanlab has this command, each option, the arguments it needs, and the project the files. */
export function troubleTyping(line: string): string | undefined {
  const { command, values, trouble } = read(line);
  if (!command || trouble) return trouble;
  const missing = values.find(
    (value) => /^(scenarios|test|docs)\//.test(value) && !existsSync(join(ROOT, value)),
  );
  return missing ? `there is no file ${missing}` : countTrouble(command, values.length);
}

/** The same of a command that a sentence names: the arguments may be left out, or stand for others. */
export function troubleNaming(line: string): string | undefined {
  return read(line).trouble;
}

interface Read {
  command?: Command;
  /** Arguments, without the options and what those take. */
  values: string[];
  trouble?: string;
}

function read(line: string): Read {
  const [, name, ...words] = wordsOf(line);
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return { values: [], trouble: `lanlab has no command ${name}` };
  return { command, ...readWords(command, words) };
}

function readWords(command: Command, words: string[]): Read {
  const values: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return { values: [...values, ...words.slice(at + 1)] };
    if (!/^-./.test(word)) {
      values.push(word);
      continue;
    }
    const option = command.options.find(({ short, long }) => [short, long].includes(word));
    if (!option) return { values, trouble: `lanlab ${command.name()} has no option ${word}` };
    if (!option.required) continue;
    const value = words[++at];
    if (value === undefined) return { values, trouble: `${word} needs a value` };
    if (option.argChoices && !option.argChoices.includes(value)) {
      return { values, trouble: `${word} does not take ${value}` };
    }
  }
  return { values };
}

function countTrouble(command: Command, given: number): string | undefined {
  const wanted = command.registeredArguments;
  const least = wanted.filter(({ required }) => required).length;
  const most = wanted.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : wanted.length;
  return given < least || given > most
    ? `${given} arguments are not what lanlab ${command.name()} takes`
    : undefined;
}
