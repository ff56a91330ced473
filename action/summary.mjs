// node action/summary.mjs REPORT: the summary of a job, as Markdown, from the JSON report of `lanlab run`.
// Plain JavaScript, since the action's folder has no packages.
import { existsSync, readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
const runs = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).runs : [];

/** What is in a scenario shows as it is written, and ends neither its cell nor its line. */
function plain(text) {
  return String(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|~#<>&@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function row({ scenario, engine, held, failed, incomplete, skipped, stopped, strict }) {
  const good = failed + incomplete === 0 && !stopped && !(strict && skipped > 0);
  const cells = [good ? '✅' : '❌', scenario.file, engine.name, held, failed + incomplete, skipped];
  return `| ${cells.map(plain).join(' | ')} |`;
}

function troubles({ scenario, steps, stopped, strict }) {
  const wrong = steps.filter(({ status }) => status !== 'held' && (strict || status !== 'skipped'));
  const lines = wrong.map(
    ({ index, name, status, where }) => `${where.file}:${where.line}: step ${index}, ${name} (${status})`,
  );
  if (stopped) lines.push(`${scenario.file}: ${stopped.message}`);
  return lines.map((line) => `- ${plain(line)}`);
}

if (runs.length === 0) {
  console.log('### lanlab\n\nNo scenario was run. The log of the step says why.');
} else {
  const head = ['| | scenario | engine | held | did not hold | skipped |', '|---|---|---|---|---|---|'];
  console.log(
    ['### lanlab', '', ...head, ...runs.map(row), '', ...runs.flatMap(troubles)].join('\n').trimEnd(),
  );
}
