/** The page of the command: each of its subcommands with its options, and the exit codes. */
import type { Command } from 'commander';
import { EXIT_CODES } from '../exit-codes.ts';
import { notesOn } from './notes.ts';
import { page } from './word.ts';

export function commandsPage(program: Command): string {
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help');
  const codes = Object.entries(EXIT_CODES).map(([code, means]) => `| ${code} | ${means} |`);
  return page([
    '# Commands',
    '[Reference](../reference.md)',
    ...commands.flatMap(section),
    '## Exit codes',
    ['| code | means |', '|---|---|', ...codes].join('\n'),
    ...notesOn('commands'),
  ]);
}

function section(command: Command): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const rows = options.map(
    (option) => `| \`${inTable(option.flags)}\` | ${inTable(help.optionDescription(option))} |`,
  );
  const usage = command.usage();
  return [
    `## lanlab ${command.name()}`,
    `\`lanlab ${command.name()} ${usage}\``,
    `${sentence(command.description())}.`,
    ...(rows.length > 0 ? [['| option | meaning |', '|---|---|', ...rows].join('\n')] : []),
  ];
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function inTable(text: string): string {
  return text.replaceAll('|', '\\|');
}
