/**
 * The agent as a program. Calls come in over standard input, answers and events go out over standard output, and the end of
 * input is the end of the lab. With `--listen PATH`, calls come from the client of that Unix socket instead, and the agent
 * stays until it is told to end.
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
// An agent is ended, it does not exit: it keeps its compiled code for the next one now (where NODE_COMPILE_CACHE says so).
setImmediate(flushCompileCache);
