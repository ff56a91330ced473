/** The step `redis` of docs/own-words.md: one command to a redis server, and its reply (RESP2). */
import { defineStep, type OwnWord, z } from '../../lab/index.ts';

interface Redis {
  to: string;
  run: string[];
}

/** A command as an array of bulk strings. */
function command(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

export const redis: OwnWord = defineStep<Redis>({
  word: 'redis',
  summary: 'Sends one command to a redis server, and receives its reply.',
  example: 'redis: { to: cache, run: [GET, greeting] }',
  schema: z.strictObject({ to: z.string(), run: z.array(z.string()).min(1) }),
  explain: ({ to, run }, at) => `${at} asks ${to} for ${run.join(' ')}`,
  speaks: ({ to }) => ({ transport: 'tcp', to, port: 6379 }),

  async run({ to, run }, host) {
    const talk = await host.tcp(to.includes(':') ? to : `${to}:6379`);
    await using _ = talk;
    await talk.write(command(run));
    const reply = await talk.readUntil('\r\n');
    const kind = reply.toString('utf8', 0, 1);
    const line = reply.toString('utf8', 1, reply.length - 2);
    if (kind === '-') return { received: '', fields: { error: line }, spoke: talk };
    if (kind !== '$') return { received: line, fields: { reply: line }, spoke: talk };
    const size = Number(line);
    if (size < 0) return { received: '', fields: { found: false }, spoke: talk };
    const bulk = (await talk.read(size + 2)).subarray(0, size);
    return { received: bulk, fields: { found: true, bytes: size }, spoke: talk };
  },
});

export default [redis];
