/** The first process of a lab and, in threads of it, the agents of its hosts: one file for both, as they go into a lab. */
import { isMainThread } from 'node:worker_threads';

await (isMainThread ? import('./first-process.ts') : import('./agent-thread.ts'));
