// node .ci/slowest.mjs (NAME RESULTS)…: the ten test files of the sections of .ci/run that took longest. RESULTS is a
// file of vitest's JSON reporter; what is none, or is not there, has no files.
// Plain JavaScript, since it must run also where the pinned Node could not be installed.
import { readFileSync } from 'node:fs';

const SHOWN = 10;

/** Files with what they took, in seconds. */
function read(name, path) {
  try {
    const { testResults = [] } = JSON.parse(readFileSync(path, 'utf8'));
    return testResults.map((file) => ({
      took: (file.endTime - file.startTime) / 1000,
      // The ordinary user's run is in a folder of its own.
      line: `${file.name.slice(file.name.lastIndexOf('/test/') + 1)} (${name})`,
    }));
  } catch {
    return [];
  }
}

const args = process.argv.slice(2);
const files = [];
while (args.length > 0) files.push(...read(...args.splice(0, 2)));
for (const { took, line } of files.toSorted((a, b) => b.took - a.took).slice(0, SHOWN))
  console.log(`${took.toFixed(1).padStart(6)} s  ${line}`);
