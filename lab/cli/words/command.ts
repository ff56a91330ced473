/**
 * What a row of the table of commands is. The files beside this one hold the words of a command (its name, arguments,
 * options); what a command does is a file of its own, loaded when the command is called, so that `--help` loads none.
 */
import type { Command } from 'commander';

/** Tells what the command ends with: the exit code. */
export type Done = (exitCode: number) => void;

/** Adds the command to the program. */
export type Words = (program: Command, done: Done) => void;
