/** The report for a person with a browser: one page that needs no other file. */
import { tag } from '../markup.ts';
import { type RunResult, titleOf } from '../result.ts';
import { PackedFrames } from './frames.ts';
import { htmlPage } from './page.ts';
import { runMarkup } from './run.ts';

export function htmlReport(runs: readonly RunResult[]): string {
  const frames = new PackedFrames();
  const articles = runs.map((run, index) => runMarkup(run, index + 1, frames));
  const footer = tag('footer', {}, 'Made by lanlab. This page is whole: it loads nothing.');
  return htmlPage(runs.map(titleOf).join(', '), frames, articles, footer);
}
