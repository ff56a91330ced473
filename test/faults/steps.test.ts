/** Faults as steps, on hosts that only pretend: what is skipped, refused, undone and told. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AgentCalls, Capabilities, Lacking } from '../../lab/agent/protocol.ts';
import type { Feature, ProgramEnd } from '../../lab/engines/engine.ts';
import { cut } from '../../lab/faults/cut.ts';
import { pause } from '../../lab/faults/pause.ts';
import { stop } from '../../lab/faults/stop.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import { EventLog } from '../../lab/live/events.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { Journal } from '../../lab/live/journal.ts';
import { refuseLinks } from '../../lab/live/links.ts';
import type { Scenario } from '../../lab/model/types.ts';
import { CableRecord } from '../../lab/outcomes/cable-record.ts';
import type { StepContext } from '../../lab/outcomes/context.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { refuseUnsupportedSteps, unsupportedSteps } from '../../lab/run/unsupported.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { runStep } from '../../lab/steps/run-step.ts';
import { expectations, steps, vocabulary } from '../../lab/vocabulary.ts';

function scenario(...written: string[]): Scenario {
  const text = `
lab: pretend
networks: { office: 10.50.1.0/24 }
hosts:
  echo: { service: tcp-echo, networks: [office] }
  alice: { networks: [office] }
  bob: { networks: [office] }
steps: [${written.join(', ')}]
`;
  return loadScenario(text, 'test.yaml', vocabulary);
}

const NO_NFT: Lacking = { why: 'there is no `nft` here', hint: 'install it' };

const NO_KOFFI: Lacking = { why: 'koffi cannot be loaded', hint: 'install it for this machine' };

interface Pretended {
  hosts: Map<string, LiveHost>;
  /** What the agents were asked to do. */
  asked: string[];
}

/** `refuses`: hosts whose agents throw at a cut and at an impairment; `without`: hosts without a patch, `still`: without frames. */
function pretend({ refuses = '', without = '', still = '' } = {}): Pretended {
  const asked: string[] = [];
  const hosts = planScenario(scenario()).hosts.map((plan): LiveHost => {
    const say = (verb: string) => async () => {
      asked.push(`${plan.name} ${verb}`);
      if ((verb === 'cut' || verb === 'impair') && plan.name === refuses) throw new Error('nft: no memory');
    };
    const agent = {
      cut: say('cut'),
      heal: say('heal'),
      offloadOff: async () => ({ handle: '' }),
      impair: say('impair'),
      relieve: async () => {
        asked.push(`${plan.name} relieve`);
        return [];
      },
    } as Partial<AgentCalls> as AgentCalls;
    const capabilities = {
      patch: plan.name === without ? NO_NFT : true,
      offload: true,
      frames: plan.name === still ? NO_KOFFI : true,
    } as Capabilities;
    return {
      name: plan.name,
      plan,
      agent,
      capabilities,
      events: new EventLog(),
      words: [],
      journal: new Journal(),
      renew: async () => {},
      start: async () => {},
    };
  });
  return { hosts: new Map(hosts.map((host) => [host.name, host])), asked };
}

async function run({ steps: written }: Scenario, { hosts }: Pretended): Promise<StepResult[]> {
  const nothing = async () => undefined;
  const context = {
    hosts,
    named: new Map(),
    faults: [],
    cables: new CableRecord(hosts, []),
    watch: nothing,
    machinesAnswer: async () => {},
  } as Partial<StepContext> as StepContext;
  const results: StepResult[] = [];
  for (const step of written) results.push(await runStep(step, { steps, expectations }, context));
  return results;
}

describe('a fault as a step', () => {
  test('is done to the lab, and its name heals it', async () => {
    const pretended = pretend();
    const results = await run(
      scenario('{ fault: { cut: [alice, echo], as: gap } }', '{ heal: gap }'),
      pretended,
    );
    expect(results.map(({ at, status, did }) => [at, status, did])).toEqual([
      ['lab', 'held', 'cut alice – echo'],
      ['lab', 'held', 'joined alice – echo'],
    ]);
    expect(pretended.asked.toSorted()).toEqual(['alice cut', 'alice heal', 'echo cut', 'echo heal']);
  });

  test('is skipped where any of the hosts concerned lacks a patch, and so is its healing', async () => {
    const written = scenario(
      '{ fault: { cut: [alice, echo], as: gap } }',
      '{ heal: gap }',
      '{ fault: { unplug: echo } }',
    );
    const pretended = pretend({ without: 'echo' });
    const results = await run(written, pretended);
    expect(results.map(({ status, skipped }) => [status, skipped])).toEqual(
      Array(3).fill(['skipped', NO_NFT]),
    );
    expect(pretended.asked).toEqual([]);
  });

  test('is skipped where frames cannot be carried; a lab whose links need it does not come up', async () => {
    const lossy = scenario('{ fault: { loss: 30%, on: [alice, echo] } }', '{ fault: { reset: bob } }');
    const pretended = pretend({ still: 'echo' });
    const results = await run(lossy, pretended);
    expect(results.map(({ status, skipped }) => [status, skipped])).toEqual([
      ['skipped', NO_KOFFI],
      ['held', undefined],
    ]);
    expect(() => refuseLinks(pretended.hosts.values())).not.toThrow();
    const echo = pretended.hosts.get('echo')!;
    const linked = { ...echo.plan, interfaces: echo.plan.interfaces.map((card) => ({ ...card, link: [] })) };
    expect(() => refuseLinks([{ ...echo, plan: linked }])).toThrow(
      'echo has a link on office, but koffi cannot be loaded',
    );
  });

  test('of links that one agent cannot make is undone at all', async () => {
    const pretended = pretend({ refuses: 'echo' });
    const lossy = scenario('{ fault: { loss: 30%, on: [alice, echo], as: lossy } }');
    await expect(run(lossy, pretended)).rejects.toThrow('no memory');
    expect(pretended.asked).toContain('alice impair');
    expect(pretended.asked.slice(-2).toSorted()).toEqual(['alice relieve', 'echo relieve']);
  });

  test('is not skipped for what a host lacks that has no part in it', async () => {
    const one = scenario('{ fault: { cut: { from: bob, to: alice } } }');
    expect((await run(one, pretend({ without: 'echo' }))).map(({ status }) => status)).toEqual(['held']);
  });

  test('that one agent cannot make is undone at the others', async () => {
    const pretended = pretend({ refuses: 'echo' });
    await expect(cut.begin({ from: ['alice'], to: ['echo'], ways: 'both' }, pretended.hosts)).rejects.toThrow(
      'no memory',
    );
    expect(pretended.asked.toSorted()).toEqual(['alice cut', 'alice heal', 'echo cut', 'echo heal']);
  });

  test('of several cables that one card refuses is undone when the others are over', async () => {
    const { hosts } = pretend();
    const alice = hosts.get('alice')!;
    const [eth0] = alice.plan.interfaces;
    const eth1 = { ...eth0!, name: 'eth1', network: 'store' };
    const carrier = new Map([
      ['eth0', true],
      ['eth1', true],
    ]);
    const slow = Promise.withResolvers<void>();
    alice.plan = { ...alice.plan, interfaces: [eth0!, eth1] };
    alice.agent = {
      interfaces: async () => [...carrier].map(([name, carrier]) => ({ name, carrier })),
      unplug: async ({ card }) => {
        if (card === 'eth0') throw new Error('no memory');
        await slow.promise;
        carrier.set(card, false);
      },
      plug: async ({ card }) => void carrier.set(card, true),
    } as Partial<AgentCalls> as AgentCalls;
    const pulled = unplug.begin('alice', hosts);
    // The refusal is there, and the other card is still being unplugged.
    setImmediate(slow.resolve);
    await expect(pulled).rejects.toThrow('no memory');
    await slow.promise;
    expect(carrier.get('eth1')).toBe(true);
  });

  test('that cannot see whether a program stands still lets it go on', async () => {
    const { hosts } = pretend();
    const signals: string[] = [];
    hosts.get('echo')!.program = {
      ended: new Promise<ProgramEnd>(() => {}),
      signal: async (name) => void signals.push(name),
      processes: async () => Promise.reject(new Error('no answer')),
    };
    await expect(pause.begin('echo', hosts)).rejects.toThrow('no answer');
    expect(signals).toEqual(['SIGSTOP', 'SIGCONT']);
    expect(hosts.get('echo')!.paused).toBeUndefined();
  });

  test('heals what it broke at the end of `await using`, once', async () => {
    const pretended = pretend();
    {
      await using gap = await cut.begin({ from: ['alice'], to: ['bob'], ways: 'one' }, pretended.hosts);
      await gap.heal();
    }
    // Who is cut off says from then on with which MACs it speaks.
    expect(pretended.asked.toSorted()).toEqual(['alice cut', 'alice heal', 'bob cut', 'bob heal']);
  });

  test('names what there is where a library’s call names what there is not', async () => {
    const { hosts } = pretend();
    await expect(unplug.begin('alice.store', hosts)).rejects.toMatchObject({
      message: 'no cable `alice.store`',
      hint: 'cables are echo.office, alice.office, bob.office',
    });
    await expect(stop.begin('alice', hosts)).rejects.toThrow('alice has no program');
  });
});

describe('a program that does not end', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('makes the step fail, with what was expected of it', async () => {
    const pretended = pretend();
    const ended = new Promise<ProgramEnd>(() => {});
    const signals: string[] = [];
    const signal = async (name: string) => void signals.push(name);
    pretended.hosts.get('echo')!.program = { ended, signal };
    const running = run(scenario('{ fault: { stop: echo } }'), pretended);
    await vi.advanceTimersByTimeAsync(10_000);
    const [result] = await running;
    expect(result).toMatchObject({
      status: 'failed',
      checks: [{ held: false, found: 'the program of echo still runs 10 s after SIGTERM' }],
    });
    expect(signals).toEqual(['SIGTERM']);
  });
});

describe('an engine that can never signal programs', () => {
  const never: Partial<Record<Feature, string>> = { signals: 'nobody holds the programs' };

  test.each([
    '{ fault: { stop: echo } }',
    '{ fault: { kill: echo } }',
    '{ fault: { pause: echo } }',
    '{ start: echo }',
  ])('refuses %s before anything starts', (step) => {
    const [found] = unsupportedSteps(scenario(step), { never });
    expect(found?.what).toMatch(/^step 1 \(.+ the program of echo\): nobody holds the programs$/);
    expect(() => refuseUnsupportedSteps(scenario(step), { name: 'compose', never })).toThrow(found!.what);
    expect(unsupportedSteps(scenario(step), { never: {} })).toEqual([]);
  });

  test('may well cut cables', () => {
    const written = scenario(
      '{ fault: { cut: [alice, echo], as: gap } }',
      '{ heal: gap }',
      '{ fault: { unplug: bob } }',
      '{ plug: bob }',
    );
    expect(unsupportedSteps(written, { never })).toEqual([]);
  });
});
