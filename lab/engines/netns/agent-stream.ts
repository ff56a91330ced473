/** The byte stream of an agent that is a child process; when the child ends, its last words are the error. */
import type { ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { LabError } from '../../errors.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const LAST_WORDS = 2_000;

export function agentStream(child: Child, host: string): Duplex {
  let words = '';
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    // A write that fails is told by the child's end, which has the reason.
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.stdin.destroy();
      done(error);
    },
  });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk).slice(-LAST_WORDS);
  });
  child.once('error', (error) => stream.destroy(error));
  child.once('close', () => {
    if (words.trim()) stream.destroy(new LabError('agent', `the agent of ${host}: ${words.trim()}`));
    else stream.push(null);
  });
  return stream;
}
