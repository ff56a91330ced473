/** Strangers' clients of chat talk in one room: irssi on a terminal, ii with its files, a learner over UDP, and our step. */
import { type Lab, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostEvent } from '../../lab/agent/protocol.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { shellIn, strangersOn } from './shell.ts';

export const TALKERS = ['ii', 'irssi', 'socat', 'tmux'] as const;

export function talks(engine: Engine, subnet: string): void {
  const client: WrittenHost = { ...strangersOn(engine), networks: ['lan'] };
  let net: Lab;
  beforeAll(async () => {
    const chat: WrittenHost = { service: 'chat', networks: ['lan'] };
    const hosts = { chat, irssi: client, ii: client, learner: client, step: { networks: ['lan'] } };
    net = await lab({ lab: 'talkers', networks: { lan: subnet }, hosts }, { engine });
  });
  afterAll(() => net?.down());

  const { types } = shellIn(engine, () => net);
  const typed = async (host: string, line: string) => (await types(host, line)).text;
  const prints = (host: string, line: string, text: string) =>
    expect.poll(() => typed(host, line)).toContain(text);
  const irssi = (keys: string) => typed('irssi', `tmux -L it send-keys ${keys} Enter`);
  const screen = (text: string) => prints('irssi', 'tmux -L it capture-pane -p', text);
  /** Waits for an event of the program about this person. */
  const happens = async (event: string, name: string) => {
    const isIt = (one: HostEvent) => one.event === event && one.name === name;
    expect(await net.host('chat').events.first(isIt, { within: 30_000 })).toBeDefined();
  };
  const room = 'cat "$(echo ii/*/)#lan/out"';

  test('irssi, ii, a learner over UDP and our step hear each other in one room', async () => {
    const { address } = net.host('chat');
    // It wants a terminal, which tmux is.
    await typed(
      'irssi',
      `TERM=xterm tmux -L it new-session -d -x 120 -y 40 "LANG=C.UTF-8 irssi --home=/tmp/it/home -c ${address} -n ida"`,
    );
    await happens('login', 'ida');
    await irssi("'/join #lan'");
    await happens('join', 'ida');

    await typed('ii', `(setsid ii -i /tmp/it/ii -s ${address} -n ivo >log 2>&1 &)`);
    await happens('login', 'ivo');
    await prints('ii', 'ls ii/*', 'out');
    await typed('ii', 'echo "/j #lan" >"$(echo ii/*/)in"');
    await happens('join', 'ivo');
    await prints('ii', 'ls "$(echo ii/*/)#lan"', 'in');

    // A learner's client: each line that is typed is a datagram.
    const talk = `exec 3<>say; exec socat - UDP:${address}:9000 <&3 >heard`;
    await typed('learner', `mkfifo say; (setsid sh -c '${talk}' >log 2>&1 &)`);
    const says = (line: string) => typed('learner', `echo '${line}' >say`);
    await says('/login lea');
    await happens('login', 'lea');
    await using sam = await net.host('step').chat('chat', 'sam');

    await irssi("'hello from irssi'");
    await typed('ii', `echo 'hello from ii' >"$(echo ii/*/)#lan/in"`);
    await says('hello from a learner');
    await sam.say('hello from a step');
    const told = [
      '<ida> hello from irssi',
      '<ivo> hello from ii',
      '<lea> hello from a learner',
      '<sam> hello from a step',
    ];
    for (const line of told) {
      // No client shows what it said itself in the form in which others see it.
      if (!line.startsWith('<ida>')) await screen(line.replace('<', '< '));
      await prints('ii', room, line);
      // Datagrams have no line ends.
      const said = new RegExp(`${line.slice(1, 4)} \\([\\d.:]+\\): ${line.slice(6)}`);
      if (!line.startsWith('<lea>')) await expect.poll(() => typed('learner', 'cat heard')).toMatch(said);
    }
    await irssi("'/me waves'");
    await prints('learner', 'cat heard', '): * waves');
    await irssi("'/msg lea a private word'");
    await prints('learner', 'cat heard', ') to you: a private word');
    await irssi('/quit');
    await happens('logout', 'ida');
  });
}
