/** The wire by the library: captures that a test takes, and what they show. */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import '../../lab/matchers.ts';
import { labFor, onEveryEngine } from './here.ts';

await onEveryEngine('the wire by the library', (engine, subnet) => {
  const here = labFor(
    {
      lab: 'wired',
      networks: { lan: subnet(61) },
      hosts: {
        echo: { service: 'tcp-echo', networks: ['lan'] },
        alice: { networks: ['lan'] },
        bob: { networks: ['lan'] },
      },
    },
    { engine },
  );
  const talk = async () => {
    const connection = await here.net.host('alice').tcp('echo:9000');
    await connection.write('hello');
    await connection.read(5);
    return connection;
  };

  test('shows the frames of a conversation, in order, at each end', async () => {
    await using wire = await here.net.capture('alice', 'echo');
    await using connection = await talk();
    await expect(wire).toShow(
      ['tcp alice > echo SYN seq=+0', 'tcp echo > alice SYN+ACK', 'tcp alice > echo ACK seq=+1'],
      { of: connection },
    );
    await expect(wire).toShow(
      { at: 'echo', in_order: ['tcp alice > echo text="hello"'] },
      { of: connection },
    );
    expect(await wire.lines()).toContainEqual(expect.stringMatching(/^tcp alice:\d+ > echo:9000 SYN /));
  });

  test('says which frame is missing, and what came in its place', async () => {
    await using wire = await here.net.capture('alice');
    await here.net
      .host('alice')
      .tcp('echo:9999')
      .catch(() => {});
    const shown = expect(wire).toShow(['tcp alice > echo SYN', 'tcp echo > alice SYN+ACK'], { within: 100 });
    await expect(shown).rejects.toThrow(/RST\+ACK.*flags are RST\+ACK, not SYN\+ACK/);
  });

  test('claims absence behind a barrier', async () => {
    await using wire = await here.net.capture('bob');
    await using connection = await talk();
    await expect(wire).toShow({ never: ['tcp alice > echo'] }, { of: connection });
    const shown = expect(wire).toShow(
      { never: ['arp * > *'], any_order: ['arp alice > broadcast'] },
      { within: 50 },
    );
    await expect(shown).rejects.toThrow();
  });

  test('is kept as a file', async () => {
    const file = join(tmpdir(), `lanlab-wire-${process.pid}-${engine}.pcapng`);
    await using wire = await here.net.capture();
    await using _ = await talk();
    await wire.save(file);
    const bytes = await readFile(file);
    await rm(file);
    expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(bytes.includes('alice eth0')).toBe(true);
  });

  test('refuses a line that is wrong, a host that is not there, and one that does not capture', async () => {
    await using wire = await here.net.capture('alice');
    const wrong = (wanted: Parameters<typeof wire.look>[0]) => wire.look(wanted, { within: 1 });
    await expect(wrong(['tcp alice > echo SYN,ACK'])).rejects.toMatchObject({ code: 'usage' });
    await expect(wrong(['tcp alice > ehco SYN'])).rejects.toThrow('no host `ehco`');
    await expect(wrong({ at: 'bob', in_order: ['tcp alice > echo'] })).rejects.toThrow(
      'nothing is captured at bob',
    );
    expect(() => here.net.capture('bbo')).toThrow('no host `bbo`');
    await expect(async () => expect(wire).not.toShow(['tcp * > *'])).rejects.toThrow(/never/);
  });
});
