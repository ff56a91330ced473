/** Frames that a cable could not carry: what rests on their absence cannot be told, and what came has come. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { internals } from '../../lab/api/internals.ts';
import { type Lab, lab } from '../../lab/api/lab.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';

/** Beyond the MTU of the network, and within what a card still takes in: the cable gets it and no card sends it on. */
const LARGER = 1504;
const DATA = LARGER - 28;

const engine = netnsEngine();
const { lacking } = await engine.probe();

describeNeeding(engine.name, lacking && `${lacking.why}; ${lacking.hint}`, 'a missed frame', () => {
  let net: Lab;
  beforeAll(async () => {
    net = await lab(
      {
        lab: 'uncarried',
        networks: { lan: { subnet: '10.197.1.0/24', link: { delay: '1ms' } } },
        hosts: {
          bounce: { service: 'udp-echo', networks: { lan: '10.197.1.10' }, deny: ['tcp * > *'] },
          alice: { networks: { lan: '10.197.1.21' } },
        },
        steps: [
          { at: 'alice', exec: ['ip', 'link', 'set', 'eth0', 'mtu', String(LARGER)] },
          { at: 'alice', udp: { to: 'bounce:9000', send: 'a' }, expect: { receive: 'A' } },
          {
            at: 'alice',
            udp: { to: 'bounce:9000', send: { random: DATA, seed: '1' } },
            expect: {
              receive: { nothing: true },
              wire: { at: 'bounce', never: ['udp alice > bounce'], count: { 'udp bounce > alice': 0 } },
              for: '100ms',
            },
          },
          {
            at: 'alice',
            udp: { to: 'bounce:9000', send: 'b' },
            expect: { receive: 'B', wire: { at: 'bounce', count: { 'udp alice > bounce': 1 } } },
          },
          // One that goes on while the next steps are done.
          { at: 'alice', exec: ['sh', '-c', `ping -q -s ${DATA} -i 0.01 -w 20 bounce >/dev/null 2>&1 &`] },
          { at: 'alice', tcp: { to: 'bounce:9999', give_up: '200ms' }, expect: { fails: 'timeout' } },
          { at: 'alice', ping: { to: 'bounce', count: 3 }, expect: { fields: { received: 3 } } },
        ],
      },
      { engine },
    );
  });
  afterAll(async () => {
    await net?.down();
  });

  test('makes each expectation of a run incomplete that rests on absence or on a count, in its own step alone', async () => {
    const { steps } = await net.run();
    const incomplete = steps.filter(({ status }) => status === 'incomplete').map(({ index }) => index);
    expect(incomplete).toEqual([3, 6, 7]);
    expect(steps.filter(({ status }) => status === 'failed')).toEqual([]);
    const [silence, wire] = steps[2]!.checks;
    for (const check of [silence, wire])
      expect(check).toMatchObject({
        held: false,
        incomplete: true,
        why: 'cables could not carry 1 frame from alice (eth0), so a frame that did not come proves nothing',
      });
    expect(steps[5]!.checks[0]).toMatchObject({ kind: 'failed', failure: 'timeout', incomplete: true });
    expect(steps[6]!.checks[0]).toMatchObject({ kind: 'field', name: 'received', incomplete: true });
  });

  test('is known to a capture of the library, and what came has come all the same', async () => {
    const { agent } = net[internals].hosts.get('alice')!;
    const there = { address: '10.197.1.10', port: 9000 };
    await using wire = await net.capture('bounce');
    const { handle } = await agent.udpOpen({ to: there });
    await agent.udpSend({ handle, bytes: Buffer.alloc(DATA) });
    await agent.udpSend({ handle, bytes: Buffer.from('c') });
    const seen = (wanted: Parameters<typeof wire.look>[0]) => wire.look(wanted, { within: 5000 });
    expect(await seen(['udp alice > bounce'])).toMatchObject([{ held: true }]);
    expect(await seen({ never: ['udp alice > bounce'] })).toMatchObject([{ held: false, came: 'more' }]);
    expect((await seen({ never: ['tcp * > *'] }))[0]).toMatchObject({ held: false, incomplete: true });
  });

  test('takes no frame with it that leaves at the same time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lanlab-uncarried-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'at-once.trace'), '100\n'.repeat(20));
    const { agent } = net[internals].hosts.get('alice')!;
    await using wire = await net.capture('bounce');
    await using _ = await net.fault({
      rate: { trace: join(folder, 'at-once.trace') },
      on: 'alice',
      only: 'udp alice > bounce:9001',
    });
    const { handle } = await agent.udpOpen({ to: { address: '10.197.1.10', port: 9001 } });
    await agent.udpSend({ handle, bytes: Buffer.alloc(DATA) });
    await agent.udpSend({ handle, bytes: Buffer.from('d') });
    const came = await wire.look(['udp alice > bounce:9001 len=1'], { within: 5000 });
    expect(came).toMatchObject([{ held: true }]);
  });
});
