/** `lanlab completion SHELL`: a script for the shell, made from the commands and options there are. */
import type { Command } from 'commander';
import type { Shell } from './words/completion.ts';

interface Row {
  name: string;
  description: string;
  options: { flag: string; description: string; choices: string[] }[];
}

export function completion(shell: Shell, program: Command): string {
  return SCRIPTS[shell](rowsOf(program));
}

function rowsOf(program: Command): Row[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      options: command.options.flatMap(({ long, description, argChoices }) =>
        long ? [{ flag: long, description, choices: argChoices ?? [] }] : [],
      ),
    }));
}

const SCRIPTS: Record<Shell, (rows: Row[]) => string> = { bash, zsh, fish };

/** Scenario files complete wherever no option does. */
function bash(rows: Row[]): string {
  const cases = rows.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(' ')}" ;;`,
  );
  const choices = choicesOf(rows).map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W "${words}" -- "$cur")); return ;;`,
  );
  return [
    '_lanlab() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words',
    '  case $prev in',
    ...choices,
    '  esac',
    `  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W "${rows.map(({ name }) => name).join(' ')}" -- "$cur")); return; fi`,
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    '  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur"));',
    '  else compopt -o filenames; COMPREPLY=($(compgen -f -X \'!*.@(yaml|yml)\' -- "$cur") $(compgen -d -- "$cur")); fi',
    '}',
    'shopt -s extglob',
    'complete -F _lanlab lanlab',
    '',
  ].join('\n');
}

function choicesOf(rows: Row[]): [string, string][] {
  const found = rows.flatMap(({ options }) => options).filter(({ choices }) => choices.length > 0);
  return [...new Map(found.map(({ flag, choices }) => [flag, choices.join(' ')]))];
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function zsh(rows: Row[]): string {
  const commands = rows.map(
    ({ name, description }) => `    ${quoted(`${name}:${description.replaceAll(':', '\\:')}`)}`,
  );
  const cases = rows.map(({ name, options }) => {
    const specs = options.map(({ flag, description, choices }) => {
      const plain = description.replaceAll(/[[\]:]/g, ' ');
      return quoted(
        choices.length > 0 ? `${flag}[${plain}]:value:(${choices.join(' ')})` : `${flag}[${plain}]`,
      );
    });
    return `    ${name}) _arguments ${[...specs, quoted('*:scenario:_files -g "*.(yaml|yml)"')].join(' ')} ;;`;
  });
  return [
    '#compdef lanlab',
    '_lanlab() {',
    '  local -a commands=(',
    ...commands,
    '  )',
    '  if ((CURRENT == 2)); then _describe command commands; return; fi',
    '  case ${words[2]} in',
    ...cases.map((line) => line.replace('_arguments', 'shift words; ((CURRENT--)); _arguments')),
    '  esac',
    '}',
    'compdef _lanlab lanlab',
    '',
  ].join('\n');
}

function fish(rows: Row[]): string {
  const lines = rows.flatMap(({ name, description, options }) => [
    `complete -c lanlab -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...options.map(({ flag, description, choices }) => {
      const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : '';
      const seen = quoted(`__fish_seen_subcommand_from ${name}`);
      return `complete -c lanlab -n ${seen} -l ${flag.slice(2)} -d ${quoted(description)}${values}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
