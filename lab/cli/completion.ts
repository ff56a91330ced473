/**
 * `lanlab completion SHELL`: a script for the shell, made from the commands and options of lanlab. The script asks for the
 * names of hosts and labs that are up when it must complete one (names-up.ts).
 */
import type { Command } from 'commander';
import { NAMES_UP, type Named, type Shell } from './words/completion.ts';

interface Row {
  name: string;
  description: string;
  options: Option[];
  /** The kind of name that its first argument takes, or every argument; absent where it takes a file, or nothing. */
  names?: { of: Named; all: boolean };
}

interface Option {
  /** `-e` and `--env`. */
  forms: string[];
  flag: string;
  description: string;
  choices: string[];
  takesValue: boolean;
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
      options: command.options.flatMap(({ short, long, description, argChoices, required }) => {
        const forms = [short, long].filter((form) => form !== undefined);
        const choices = argChoices ?? [];
        return long ? [{ forms, flag: long, description, choices, takesValue: required }] : [];
      }),
      ...namesOf(command),
    }));
}

/** An argument that takes a name is called by the kind of name: `host`, `lab`. */
function namesOf({ registeredArguments: [first] }: Command): Pick<Row, 'names'> {
  const of = NAMED.find((word) => first?.name() === word);
  return of ? { names: { of, all: first!.variadic } } : {};
}

const NAMED: readonly Named[] = ['host', 'lab'];
/** The option whose value is a lab's name. */
const LAB = '--lab';

const SCRIPTS: Record<Shell, (rows: Row[]) => string> = { bash, zsh, fish };

/** Completes scenario files wherever no option and no name fits. */
function bash(rows: Row[]): string {
  const cases = rows.map(({ name, options, names }) => {
    const flags = options.map(({ flag }) => flag).join(' ');
    const valued = options.flatMap(({ forms, takesValue }) => (takesValue ? forms : [])).join(' ');
    const named = names ? ` names=${names.of} all=${names.all ? 1 : 0}` : '';
    return `    ${name}) words="${flags}" valued=" ${valued} "${named} ;;`;
  });
  const choices = choicesOf(rows).map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W "${words}" -- "$cur")); return ;;`,
  );
  const up = (of: string) =>
    `COMPREPLY=($(compgen -W "$("$lanlab" ${NAMES_UP} ${of} 2>/dev/null)" -- "$cur"))`;
  return [
    '_lanlab() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} lanlab=${COMP_WORDS[0]} words valued names all=0 given=0 at',
    '  case $prev in',
    ...choices,
    `    ${LAB}) ${up('lab')}; return ;;`,
    '  esac',
    `  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W "${rows.map(({ name }) => name).join(' ')}" -- "$cur")); return; fi`,
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    '  for ((at = 2; at < COMP_CWORD; at++)); do',
    '    case ${COMP_WORDS[at]} in',
    '      --) given=1 names= ;;',
    '      -*) [[ $valued == *" ${COMP_WORDS[at]} "* ]] && ((at++)) ;;',
    '      *) given=1 ;;',
    '    esac',
    '  done',
    '  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur"));',
    `  elif [[ -n $names ]] && ((given == 0 || all)); then ${up('"$names"')};`,
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
  const cases = rows.map(({ name, options, names }) => {
    const specs = options.map(({ flag, description, choices, takesValue }) => {
      const plain = description.replaceAll(/[[\]:]/g, ' ');
      if (flag === LAB) return quoted(`${flag}[${plain}]:lab:_lanlab_lab`);
      if (choices.length > 0) return quoted(`${flag}[${plain}]:value:(${choices.join(' ')})`);
      return quoted(`${flag}[${plain}]${takesValue ? ':value: ' : ''}`);
    });
    const argument = names
      ? `${names.all ? '*' : '1'}:${names.of}:_lanlab_${names.of}`
      : '*:scenario:_files -g "*.(yaml|yml)"';
    return `    ${name}) _arguments ${[...specs, quoted(argument)].join(' ')} ;;`;
  });
  return [
    '#compdef lanlab',
    ...NAMED.map(
      (of) => `_lanlab_${of}() { compadd -- \${(f)"$(_call_program ${of} lanlab ${NAMES_UP} ${of})"} }`,
    ),
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
  const up = (of: Named) => quoted(`(lanlab ${NAMES_UP} ${of} 2>/dev/null)`);
  const lines = rows.flatMap(({ name, description, options, names }) => {
    const seen = `__fish_seen_subcommand_from ${name}`;
    const when = names?.all ? seen : `${seen}; and __fish_is_nth_token 2`;
    return [
      `complete -c lanlab -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...(names ? [`complete -c lanlab -n ${quoted(when)} -f -a ${up(names.of)}`] : []),
      ...options.map(({ flag, description, choices, takesValue }) => {
        const known = flag === LAB ? up('lab') : choices.length > 0 ? quoted(choices.join(' ')) : undefined;
        const values = known ? ` -x -a ${known}` : takesValue ? ' -r' : '';
        return `complete -c lanlab -n ${quoted(seen)} -l ${flag.slice(2)} -d ${quoted(description)}${values}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}
