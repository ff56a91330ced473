/**
 * The agent as a program. Calls come in over standard input, answers and events go out over standard output, and
 * the end of input is the end of the lab. With `--listen PATH` whoever connects to that Unix socket calls instead,
 * and the agent stays until it is told to end.
 */
import { flushCompileCache } from 'node:module';
import { toolPath } from './capabilities.ts';
import { listenAt } from './listen.ts';
import { serveUntilOwnerEnds } from './serve-until-owner-ends.ts';

process.env.PATH = toolPath();
const [option, path] = process.argv.slice(2);
if (option === '--listen' && path !== undefined) {
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit());
  await listenAt(path);
} else {
  serveUntilOwnerEnds();
}
// Agents are ended, they do not exit: what this one compiled is kept now for the next (where NODE_COMPILE_CACHE says so).
setImmediate(flushCompileCache);
