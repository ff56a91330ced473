/** Faults by the library: what breaks something gives back what heals it. */
import { lab, ScenarioErrors, type WrittenFault } from 'lanlab';
import { describe, expect, test } from 'vitest';
import { internals } from '../../lab/api/internals.ts';
import { labFor, onEveryEngine, refusal } from './here.ts';

await onEveryEngine('faults by the library', (engine, subnet) => {
  const here = labFor(
    {
      lab: 'faulty',
      networks: { lan: subnet(60) },
      hosts: {
        echo: { service: 'tcp-echo', networks: ['lan'] },
        alice: { networks: ['lan'] },
        bob: { networks: ['lan'] },
      },
    },
    { engine },
  );
  const reach = async (who: string) => {
    await using talk = await here.net.host(who).tcp('echo:9000', { giveUp: 5_000 });
    await talk.write('hello');
    return `${await talk.read(5)}`;
  };
  const cutOff = async (who: string) =>
    (await refusal(here.net.host(who).tcp('echo:9000', { giveUp: 300 }))).kind;

  test('a cut stands until the end of its block', async () => {
    {
      await using gap = await here.net.cut('alice', 'echo');
      expect(gap.did).toBe('cut alice – echo');
      expect(await cutOff('alice')).toBe('timeout');
      expect(await reach('bob')).toBe('HELLO');
    }
    expect(await reach('alice')).toBe('HELLO');
  });

  test('a cut is of groups too, of all the others, and one way', async () => {
    const group = await here.net.cut(['alice', 'bob'], 'echo');
    expect([await cutOff('alice'), await cutOff('bob')]).toEqual(['timeout', 'timeout']);
    await group.heal();
    const rest = await here.net.cut('bob', 'all');
    expect([await reach('alice'), await cutOff('bob')]).toEqual(['HELLO', 'timeout']);
    await rest.heal();
    await using way = await here.net.cut({ from: 'echo', to: 'alice' });
    expect(way.did).toBe('cut echo > alice');
    expect([await cutOff('alice'), await reach('bob')]).toEqual(['timeout', 'HELLO']);
  });

  test('a program is stopped, killed, started, paused and resumed', async () => {
    const { net } = here;
    const rest = await net.stop('echo');
    expect(rest.fields).toEqual({ exit: 0 });
    expect((await refusal(net.host('alice').tcp('echo:9000'))).kind).toBe('refused');
    await net.start('echo');
    {
      await using crash = await net.kill('echo');
      expect(crash.fields).toEqual({ signal: 'SIGKILL' });
    }
    await net.pause('echo');
    await using talk = await net.host('alice').tcp('echo:9000');
    await talk.write('late');
    expect((await refusal(talk.read(4, { giveUp: 200 }))).kind).toBe('timeout');
    await net.resume('echo');
    expect(`${await talk.read(4)}`).toBe('LATE');
  });

  test('a cable is pulled out and plugged in', async () => {
    await here.net.unplug('alice');
    expect((await here.net.host('alice').interfaces())[0]).toMatchObject({ up: true, carrier: false });
    await here.net.plug('alice');
    expect(await reach('alice')).toBe('HELLO');
  });

  test('a fault of links is written as in a scenario, and says what it has done', async () => {
    const lossy = await here.net.fault({
      loss: '100%',
      on: { from: 'alice', to: 'echo' },
      only: 'tcp alice > echo',
      seed: 7,
    });
    expect([lossy.did, lossy.fields]).toEqual(['loss 100% on alice > echo (seed 7)', { seed: 7 }]);
    expect(await cutOff('alice')).toBe('timeout');
    expect(lossy.tallies).toEqual([]);
    await lossy.heal();
    const [tally] = lossy.tallies;
    expect(tally!.frames).toBeGreaterThan(0);
    expect(tally!.dropped.loss).toBe(tally!.frames);
    expect(await reach('alice')).toBe('HELLO');
  });

  test('a fault of any word is made by one call', async () => {
    await using _ = await here.net.fault({ cut: ['alice', 'echo'] });
    expect([await cutOff('alice'), await reach('bob')]).toEqual(['timeout', 'HELLO']);
  });

  test('a second rate in one place waits for the end of the first', async () => {
    const { net } = here;
    const slow = await net.fault({ rate: '1Mbit/s', on: { out: 'alice' } });
    await using _ = await net.fault({ rate: '1Mbit/s', on: { in: 'alice' } });
    const again = () => net.fault({ rate: '2Mbit/s', on: 'alice.lan' });
    await expect(again()).rejects.toThrow('the rate of alice.lan (out) is already limited: rate 1 Mbit/s');
    await expect(again()).rejects.toMatchObject({ code: 'usage', hint: 'heal that fault first' });
    await slow.heal();
    await expect(again()).rejects.toThrow('the rate of alice.lan (in)');
  });

  describe('what is wrong with a fault is told as the loader tells it', () => {
    test.each<[string, string | undefined, WrittenFault]>([
      ['no host `ecko`', 'did you mean `echo`?', { loss: '30%', on: ['alice', 'ecko'] }],
      ['the share 30 has no unit', 'write 30%', { loss: '30', on: 'alice' }],
      ['`loss` needs the key `on`', undefined, { loss: '30%' } as WrittenFault],
      ['`alice` stands on both sides of the cut', undefined, { cut: ['alice', ['alice', 'bob']] }],
    ])('%s', async (message, hint, written) => {
      const error = await here.net.fault(written).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ScenarioErrors);
      const [problem] = (error as ScenarioErrors).problems;
      expect(problem).toMatchObject({ message, ...(hint !== undefined && { hint }) });
      expect(problem!.where.line).toBeGreaterThan(1);
    });
  });

  describe('what makes no sense is told', () => {
    test.each([
      ['no host `ecko`', () => here.net.cut('alice', 'ecko')],
      ['`alice` stands on both sides of the cut', () => here.net.cut('alice', ['alice', 'bob'])],
      ['`all` is every other host', () => here.net.cut('all', 'all')],
      ['a cut has two sides', () => here.net.cut('', 'echo')],
      ['`alice` has no program', () => here.net.kill('alice')],
      ['no network `store`', () => here.net.unplug('alice.store')],
      ['no host `ecko`', () => here.net.start('ecko')],
      ['the program of echo is running', () => here.net.start('echo')],
      ['the program of echo is not paused', () => here.net.resume('echo')],
    ])('%s', async (message, call) => {
      await expect(call()).rejects.toThrow(message);
      await expect(call()).rejects.toMatchObject({ name: 'LabError' });
    });
  });

  test('what steps leave broken is whole again after them', async () => {
    await using net = await lab(
      {
        lab: 'broken',
        networks: { lan: subnet(61) },
        hosts: { echo: { service: 'tcp-echo', networks: ['lan'] }, alice: { networks: ['lan'] } },
        steps: [
          { fault: { cut: ['alice', 'echo'] } },
          { fault: { unplug: 'alice' } },
          { fault: { kill: 'echo' } },
        ],
      },
      { engine },
    );
    for (let time = 0; time < 2; time++) {
      expect((await net.run()).steps.map(({ status }) => status)).toEqual(['held', 'held', 'held']);
      await using talk = await net.host('alice').tcp('echo:9000');
      expect(talk.remote.port).toBe(9000);
    }
  });

  test('a paused program is in the way of healing its clock: the pause ends first, and a heal can be tried again', async () => {
    await using net = await lab(
      {
        lab: 'late',
        networks: { lan: subnet(62) },
        hosts: { clock: { service: 'time', networks: ['lan'] }, alice: { networks: ['lan'] } },
        steps: [{ fault: { skew: { host: 'clock', by: '3600s' } } }, { fault: { pause: 'clock' } }],
      },
      { engine },
    );
    const { steps } = await net.run();
    expect(steps.map(({ status }) => status)).toEqual(['held', 'held']);
    const { address } = net.host('clock');
    const { offset } = await net[internals].hosts
      .get('alice')!
      .agent.ntp({ to: { address, port: 123 }, version: 4, giveUp: 10_000 });
    expect(Math.abs(offset)).toBeLessThan(60);
    const late = await net.fault({ skew: { host: 'clock', by: '60s' } });
    const nap = await net.pause('clock');
    await expect(late.heal()).rejects.toThrow('is paused, so its clock cannot be set');
    expect(late.healed).toBe(false);
    await nap.heal();
    expect(await late.heal()).toBe('the clock that clock tells is right');
    expect(late.healed).toBe(true);
  });
});
