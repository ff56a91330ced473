/**
 * Annotations of GitHub Actions: workflow commands, one line each, that show a failure beside the step's line in the
 * scenario (docs.github.com, "Workflow commands for GitHub Actions").
 */
import type { Where } from '../errors.ts';
import { oneLine } from './printable.ts';
import { failedIn, type RunResult, titleOf, wasReached } from './result.ts';
import { stopLine, troubleLine } from './trouble.ts';

/** An error for each step that failed and for a run that was stopped, a warning for each step that was skipped. */
export function githubAnnotations(runs: readonly RunResult[], options: GithubOptions = {}): string {
  return runs.flatMap((run) => annotationsOf(run, options)).join('');
}

export interface GithubOptions {
  /** The path from the repository's root to a scenario's file: GitHub needs it in this form. */
  path?(file: string): string;
}

function annotationsOf(run: RunResult, { path = (file) => file }: GithubOptions): string[] {
  const at = ({ file, line, column }: Where) => ({ file: path(file), line, col: column });
  const troubles = run.steps.flatMap((step) => {
    const title = `${titleOf(run)}: ${step.name}`;
    if (failedIn(run, step)) return [annotation('error', { ...at(step.where), title }, troubleLine(step))];
    if (!step.skipped || !wasReached(step)) return [];
    const message = `skipped: ${step.skipped.why}; hint: ${step.skipped.hint}`;
    return [annotation('warning', { ...at(step.where), title }, message)];
  });
  const stop = stopLine(run);
  if (stop === undefined) return troubles;
  const where = run.stopped?.where ? at(run.stopped.where) : { file: path(run.scenario.file) };
  return [...troubles, annotation('error', { ...where, title: titleOf(run) }, stop)];
}

function annotation(
  command: 'error' | 'warning',
  properties: Record<string, string | number>,
  message: string,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${command} ${written.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return oneLine(text).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
