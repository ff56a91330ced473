// node .ci/count.mjs (NAME EXIT_CODE RESULTS)…: sums up the sections of .ci/run; RESULTS is a file of vitest's JSON
// reporter or of `lanlab claims --prove --json`, where each claim counts as a test, or empty. Says what failed and why, then prints `N passed, N failed`; ends with 1 when anything failed.
// Plain JavaScript, since it must run also where the pinned Node could not be installed.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** How much of the message of a failed test is repeated at the end, where it is found. */
const MESSAGE_LINES = 25;
const LINE_CHARACTERS = 300;

/** A section as it ended, with its tests as { id, status: 'passed' | 'failed' | 'skipped', message }. */
function read([name, exitCode, results]) {
  const problems = [];
  const tests = results === '' ? [] : readTests(results, problems);
  const failures = tests.filter((test) => test.status === 'failed');
  if (exitCode !== '0' && failures.length + problems.length === 0) problems.push(`exit code ${exitCode}`);
  return {
    name,
    tests,
    problems: [...failures.map(({ id, message }) => id + beneath(message)), ...problems],
  };
}

/** The first lines of a message, each on a line of its own below what failed. */
function beneath(message) {
  if (message === undefined) return '';
  const lines = message.trimEnd().split('\n').slice(0, MESSAGE_LINES);
  return lines.map((line) => `\n    ${line.slice(0, LINE_CHARACTERS)}`).join('');
}

function readTests(path, problems) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    problems.push('no results were written');
    return [];
  }
  const { testResults: files, claims } = results;
  if (claims) return claims.map(claimAsTest);
  for (const file of files) {
    if (file.assertionResults.length === 0)
      problems.push(`${basename(file.name)} ran no test: ${file.message}`);
  }
  return files.flatMap((file) =>
    file.assertionResults.map(({ fullName, status, failureMessages }) => ({
      id: `${basename(file.name)} > ${fullName}`,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      message: failureMessages?.[0],
    })),
  );
}

function claimAsTest({ id, verdict, by }) {
  const places = by.flatMap(({ file, step, untrue, findings }) => [
    ...(untrue === undefined ? [] : [`${file}, step ${step}`]),
    ...findings.filter(({ how }) => how !== 'as foretold').map(({ line }) => `${file}:${line}`),
  ]);
  if (verdict === 'shown') return { id, status: 'passed' };
  return { id: `${id}, ${[verdict, ...places].join(', ')}`, status: 'failed' };
}

/** Ids of the tests that the first run, of the whole suite, skipped and no other ran. Later runs are of a part, their skips are theirs. */
function neverRun(sections) {
  const whole = sections.find((section) => section.tests.length > 0)?.tests ?? [];
  const all = sections.flatMap((section) => section.tests);
  const ran = new Set(all.filter((test) => test.status !== 'skipped').map((test) => test.id));
  return [...new Set(whole.map((test) => test.id))].filter((id) => !ran.has(id));
}

const args = process.argv.slice(2);
const sections = [];
while (args.length > 0) sections.push(read(args.splice(0, 3)));

const failures = sections.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
failures.push(...neverRun(sections).map((id) => `skipped in every run: ${id}`));
const passed = sections.flatMap((section) => section.tests).filter((test) => test.status === 'passed').length;
if (passed === 0 && failures.length === 0) failures.push('no test ran');

for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
