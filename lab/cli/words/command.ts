/**
 * The type of a row in the table of commands. The files beside this one hold the words of a command: its name, arguments and
 * options. The work of a command is in a file of its own, loaded when the command is called, so that `--help` loads none.
 */
import type { Command } from 'commander';

/** Called with the exit code of the command. */
export type Done = (exitCode: number) => void;

/** Adds the command to the program. */
export type Words = (program: Command, done: Done) => void;
