/** `lab()`: from a file or an object to hosts that are up, and down again. */
import { LabError, lab, ScenarioErrors, type WrittenScenario } from 'lanlab';
import { expect, test } from 'vitest';
import { onEveryEngine } from './here.ts';

function twoHosts(subnet: string): WrittenScenario {
  return {
    lab: 'two',
    networks: { lan: subnet },
    hosts: { echo: { service: 'tcp-echo', networks: ['lan'] }, alice: { networks: { lan: null } } },
    steps: [
      { at: 'alice', tcp: { to: 'echo:9000', send: 'hello' }, expect: { receive: 'HELLO', seen: 'echo' } },
      { at: 'alice', name: 'never so', tcp: { to: 'echo:7', send: 'a' }, expect: { receive: 'A' } },
    ],
  };
}

async function thrown(work: Promise<unknown>): Promise<LabError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

await onEveryEngine('a lab', (engine, subnet) => {
  test('does the scenario’s own steps as often as asked, and stays up', async () => {
    await using net = await lab(twoHosts(subnet(10)), { engine });
    for (let time = 0; time < 2; time++) {
      const result = await net.run();
      expect(result.steps.map(({ status }) => status)).toEqual(['held', 'failed']);
      expect(result.engine.name).toBe(engine);
    }
    await using talk = await net.host('alice').tcp('echo:7');
    expect(talk.remote.address).toBe(net.host('echo').address);
  });

  test('knows its plan, its engine and its hosts; a mistyped host is named with the nearest and the list', async () => {
    await using net = await lab(twoHosts(subnet(11)), { engine });
    expect(net.engine).toBe(engine);
    expect(net.plan.networks.map(({ subnets }) => subnets[0]?.subnet)).toEqual([subnet(11)]);
    expect(net.hosts.map(({ name }) => name)).toEqual(['echo', 'alice']);
    expect(() => net.host('ecko')).toThrow('no host `ecko` in two; hosts are echo, alice');
    try {
      net.host('ecko');
    } catch (error) {
      expect((error as LabError).hint).toBe('did you mean `echo`?');
    }
    const { message, hint } = await thrown(net.host('alice').tcp('ecko:9000'));
    expect(`${message}: ${hint}`).toContain('no host `ecko`: hosts are echo, alice');
  });

  test('is down when its signal is aborted, and what is under way is rejected', async () => {
    const controller = new AbortController();
    await using net = await lab(twoHosts(subnet(12)), { engine, signal: controller.signal });
    await using talk = await net.host('alice').tcp('echo:9000');
    const events: unknown[] = [];
    const over = (async () => {
      for await (const event of net.host('echo').events) events.push(event);
    })();
    const reading = thrown(talk.read());
    controller.abort(new LabError('interrupted', 'enough'));
    expect((await reading).code).toBe('agent');
    await over;
    expect((await thrown(net.run())).code).toBe('interrupted');
  });

  test('that was aborted before it was up comes to nothing', async () => {
    const signal = AbortSignal.abort(new LabError('interrupted', 'never mind'));
    expect((await thrown(lab(twoHosts(subnet(13)), { engine, signal }))).message).toBe('never mind');
  });
});

test('an object is checked by the rules of the file, all at once, each with its line', async () => {
  const wrong = {
    lab: 'wrong',
    netwroks: {},
    networks: { lan: '10.79.20.0/24' },
    hosts: { echo: { service: 'tcp-ecko', networks: ['lna'] }, alice: { networks: ['lan'] } },
    steps: [{ at: 'alice', tcp: { to: 'ecko:9000', give_up: 5 } }],
  };
  const error = (await thrown(
    lab(wrong as unknown as WrittenScenario, { engine: 'netns' }),
  )) as ScenarioErrors;
  expect(error).toBeInstanceOf(ScenarioErrors);
  const messages = error.problems.map(({ message, hint }) => `${message}; ${hint}`);
  expect(messages).toEqual([
    'no key `netwroks` in a scenario; did you mean `networks`?',
    '`service` cannot be "tcp-ecko"; did you mean `tcp-echo`?',
    'no network `lna`; did you mean `lan`?',
    'no host `ecko`; did you mean `echo:9000`?',
    'the time 5 has no unit; write 5s',
  ]);
  expect(error.problems[0]).toMatchObject({ where: { file: 'scenario', line: 2 }, line: 'netwroks: {}' });
});

test('texts of an object stay texts: nothing of YAML’s traps is in the way', async () => {
  const odd: WrittenScenario = {
    lab: 'odd',
    about: 'yes: a #comment',
    networks: { lan: '10.79.21.0/24' },
    hosts: {
      alice: { networks: ['lan'], files: { '/tmp/no': 'no', '/tmp/time': '12:30', '/tmp/star': '*x' } },
    },
    steps: [{ at: 'alice', exec: 'cat /tmp/no /tmp/time /tmp/star', expect: { receive: 'no12:30*x' } }],
  };
  await using net = await lab(odd, { engine: 'netns' });
  const result = await net.run();
  expect(result.steps.map(({ status }) => status)).toEqual(['held']);
});

test('a file that is not there, and an engine that is none, are said so', async () => {
  expect((await thrown(lab('scenarios/nowhere.yaml'))).message).toContain('there is no such file');
  const error = await thrown(lab(twoHosts('10.79.22.0/24'), { engine: 'dokcer' as 'docker' }));
  expect(`${error.message}; ${error.hint}`).toContain('no engine `dokcer`; engines are docker, netns');
});
