/** What a host of the library does beside its own sockets: the higher clients, commands, and a look at its kernel. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { WEB } from '../web-program.ts';
import { labFor, onEveryEngine, refusal } from './here.ts';
import 'lanlab/vitest';

await onEveryEngine('a host', (engine, subnet) => {
  const story = 'once upon a time\n'.repeat(1000);
  const here = labFor(
    {
      lab: 'clients',
      networks: { lan: subnet(3), back: subnet(4) },
      hosts: {
        clock: { service: 'time', networks: ['lan'], env: { OFFSET: 30, TZ: 'UTC' } },
        files: { service: 'files', networks: ['lan'], files: { '/srv/files/story.txt': story } },
        talk: { service: 'chat', networks: ['lan'] },
        web: { ...WEB, networks: ['lan'] },
        alice: { networks: ['lan', 'back'] },
        bob: { networks: { lan: null } },
      },
    },
    { engine },
  );

  test('asks for the time in a format', async () => {
    const { text } = await here.net.host('alice').time('clock', { format: '%Z %Y' });
    expect(text).toMatch(/^(UTC|GMT) 20\d\d$/);
  });

  test('asks by NTP how wrong a clock is, in seconds', async () => {
    const { offset, stratum } = await here.net.host('alice').ntp('clock');
    expect(offset).toBeGreaterThan(29);
    expect(offset).toBeLessThan(31);
    expect(stratum).toBeGreaterThan(0);
  });

  test('downloads a file by name, with the number and the hash of its bytes', async () => {
    const found = await here.net.host('alice').download('files', 'story.txt', { keep: 4 });
    expect(found.bytes).toBe(story.length);
    expect(found.sha256).toBe(createHash('sha256').update(story).digest('hex'));
    expect(Buffer.from(found.head).toString()).toBe('once');
  });

  test('asks a web server, once or several times on one connection', async () => {
    const [alice, web] = [here.net.host('alice'), here.net.host('web')];
    const page = await alice.http('http://web:8080/hello');
    expect(page).toMatchObject({ status: 200, reason: 'OK', text: 'hello', bytes: 5 });
    expect(page.headers['content-type']).toBe('text/plain');
    await expect(web).toHaveSeen(page);
    const requests = [{ path: '/form', body: 'a=b' }, { path: '/nothing' }];
    const { answers, local, status } = await alice.http('web:8080', { requests });
    expect(answers.map(({ text }) => text)).toEqual(['POST /form a=b', 'no /nothing']);
    expect(status).toBe(404);
    expect(web.events.all({ event: 'accept', peer: local })).toHaveLength(1);
    expect((await refusal(alice.http('web'))).kind).toBe('refused');
  });

  test('says what is wrong with a request that cannot be sent', async () => {
    const alice = here.net.host('alice');
    const wrong = alice.http('web', { method: 'HEAD', body: 'x' });
    await expect(wrong).rejects.toMatchObject({
      code: 'usage',
      message: 'http does not take this: body: a HEAD request has no body',
      hint: 'write method: POST or PUT, or leave `body` out',
    });
    await expect(alice.http('wep:8080')).rejects.toThrow('wep');
  });

  test('chats: to everyone else, to one person, and asks who is there', async () => {
    await using alice = await here.net.host('alice').chat('talk', 'alice');
    await using bob = await here.net.host('bob').chat('talk', 'bob');
    expect(alice.answer).toContain('alice');
    await alice.say('hello all');
    expect(await bob.line()).toContain('hello all');
    await bob.say('only you', 'alice');
    await expect(alice).toReceive(/only you/, { within: 2000 });
    expect(await bob.who()).toContain('alice');
    await bob.quit();
  });

  test('runs a line of the shell, or a program with its arguments, and brings both outputs and the exit code', async () => {
    const alice = here.net.host('alice');
    expect(await alice.exec('cat; echo oops >&2; exit 3', { stdin: 'in' })).toMatchObject({
      exit: 3,
      stdout: 'in',
      stderr: 'oops\n',
    });
    expect((await alice.exec(['printenv', 'WORD'], { env: { WORD: 'a b' } })).stdout).toBe('a b\n');
  });

  test('pings a host by name, and an address that nobody has is a failure', async ({ skip }) => {
    const alice = here.net.host('alice');
    const able = await alice.exec('command -v ping');
    if (able.exit !== 0) skip('there is no ping here');
    expect(await alice.ping('clock', { count: 2 })).toMatchObject({ sent: 2, received: 2 });
    const nobody = alice.address.replace(/\d+$/, '200');
    expect(['timeout', 'unreachable']).toContain((await refusal(alice.ping(nobody, { giveUp: 1000 }))).kind);
  });

  test('shows its addresses, routes, neighbours and sockets as its kernel has them', async () => {
    const alice = here.net.host('alice');
    const { lan, back } = alice.addresses;
    expect(lan).toBe(alice.address);
    const cards = await alice.interfaces();
    expect(cards.map(({ name, addresses }) => [name, addresses[0]?.address])).toEqual([
      ['eth0', lan],
      ['eth1', back],
    ]);
    expect((await alice.routes()).map(({ to }) => to).toSorted()).toEqual([subnet(3), subnet(4)]);
    await using door = await alice.listen({ tcp: 8100 });
    const listening = (await alice.sockets()).filter(({ state }) => state === 'LISTEN');
    expect(listening.map(({ local }) => local.port)).toContain(door.local.port);
    await using knock = await here.net.host('bob').tcp('alice:8100');
    const known = await alice.neighbours();
    expect(known.map(({ address }) => address)).toContain(knock.local.address);
  });

  test('gives the events of its own side: all, the first that is like this, and each as it comes', async () => {
    const [alice, bob] = [here.net.host('alice'), here.net.host('bob')];
    await using ear = await alice.listen({ udp: 8101 });
    await using socket = await bob.udp('alice:8101');
    const later = alice.events.first({ event: 'receive', text: 'two' });
    await socket.send('one');
    await ear.receive();
    await socket.send('two');
    expect(await later).toMatchObject({ peer: socket.local, text: 'two' });
    expect(alice.events.all({ peer: socket.local }).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(await alice.events.first({ text: 'three' }, { within: 50 })).toBeUndefined();
    const seen: unknown[] = [];
    for await (const { text } of alice.events) {
      if (text !== undefined && seen.push(text) === 2) break;
    }
    expect(seen).toEqual(['one', 'two']);
  });

  test('has the program that runs on it, and one that is killed has ended so', async () => {
    const { program } = here.net.host('talk');
    await program?.signal('SIGKILL');
    expect(await program?.ended).toEqual({ exit: null, signal: 'SIGKILL' });
    expect(here.net.host('alice').program).toBeUndefined();
  });
});
