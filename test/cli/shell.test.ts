/** `lanlab shell` in a real terminal. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './command.ts';
import { onEachEngine, type Staying, staying } from './staying.ts';
import { Terminal } from './terminal.ts';

const LANLAB = join(ROOT, 'bin/lanlab');

await onEachEngine('a shell', 141, (engine, net) => {
  let here: Staying;

  beforeAll(async () => {
    here = await staying();
    const file = await here.scenario(
      'shell',
      `{ lab: shell, networks: { net: 10.${net}.11.0/24 }, hosts: { alice: { networks: [net] } } }`,
    );
    await here.said('up', file, '--engine', engine);
  });
  afterAll(() => here[Symbol.asyncDispose]());

  test('is at its host, with a terminal of our size; Ctrl-C is for what runs there; ours is put back', async () => {
    const terminal = new Terminal(here.state);
    try {
      terminal.type(`${LANLAB} shell alice\n`);
      await terminal.shows(/alice.*[#$] $/);
      terminal.type('echo at $(hostname) $(stty size)\n');
      await terminal.shows(/at alice 25 90\r+\n/);
      // What says so is what sleeps: between two commands Ctrl-C would be for neither.
      terminal.type(`trap "echo caught" INT; sh -c 'echo slee""ping; exec sleep 1000'\n`);
      await terminal.shows(/sleeping/);
      terminal.type('\x03');
      await terminal.shows(/[#$] $/);
      terminal.type('exit 5\n');
      await terminal.shows(/local> $/);
      terminal.type('echo exit $?; stty -a | grep -c -- " icanon.* echo "\n');
      await terminal.shows(/exit 5\r+\n1\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
    }
  }, 60_000);

  test('is over when its lab is taken down, and our terminal is put back', async () => {
    const other = await staying();
    const file = await other.scenario(
      'going',
      `{ lab: going, networks: { net: 10.${net}.12.0/24 }, hosts: { alice: { networks: [net] } } }`,
    );
    await other.said('up', file, '--engine', engine);
    const terminal = new Terminal(other.state);
    try {
      terminal.type(`${LANLAB} shell alice\n`);
      await terminal.shows(/alice.*[#$] $/);
      await other.said('down');
      await terminal.shows(/local> $/);
      terminal.type('stty -a | grep -c -- " icanon.* echo "\n');
      await terminal.shows(/\n1\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
      await other[Symbol.asyncDispose]();
    }
  }, 60_000);

  test('runs another program, if asked to', async () => {
    const terminal = new Terminal(here.state);
    try {
      terminal.type(`${LANLAB} shell alice -- sh -c 'tty; exit 9'; echo exit $?\n`);
      await terminal.shows(/\/dev\/pts\/\d+\r+\nexit 9\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
    }
  }, 60_000);

  test('without a terminal says what to use instead', async () => {
    const { exit, stderr } = await here.lanlab('shell', 'alice');
    expect([exit, stderr]).toEqual([
      2,
      'lanlab: a shell needs a terminal, and standard input is not a terminal\n  hint: lanlab exec alice -- COMMAND\n',
    ]);
  });
});
