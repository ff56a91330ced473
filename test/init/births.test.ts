/** On namespaces an agent is born when somebody asks its host something: when that is makes no difference to the host. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeLab } from '../../lab/daemon/change.ts';
import { diffPlans } from '../../lab/daemon/diff.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, planOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();

const scenario = (more = '') => `
lab: births
networks: { lan: 10.109.1.0/24, handed: { subnet: 10.109.2.0/24, dhcp: gw, dns: gw } }
hosts:
  gw: { networks: { lan: 10.109.1.1, handed: 10.109.2.1 }, forward: true }
  early: { service: tcp-echo, networks: { lan: 10.109.1.11 }, gateway: gw, files: { /srv/files/note: hello } }
  late: { service: tcp-echo, networks: { lan: 10.109.1.12 }, gateway: gw, files: { /srv/files/note: hello } }
  leased-early: { networks: [handed] }
  leased-late: { networks: [handed] }
  client: { networks: [lan] }
${more}`;

/** A lease client's script has a name of its own. */
const FILES = `find /srv /tmp /run -type f | sed 's/udhcpc-.*/udhcpc/' | sort; cat /srv/files/note 2>/dev/null || true`;

/** What a host is like, a line each; its own addresses are words, but in the hosts file, which names others too. */
async function likeness(host: LiveHost): Promise<string[]> {
  const { agent, plan } = host;
  const own = plan.interfaces.flatMap(({ mac, addresses }) => [
    mac,
    ...addresses.map(({ address }) => address),
  ]);
  const text = JSON.stringify({
    interfaces: await agent.interfaces(),
    carriers: await agent.carriers(),
    routes: await agent.routes(),
    sockets: (await agent.sockets())
      .filter(({ state }) => state === 'LISTEN' || state === 'UNCONN')
      .sort((a, b) => a.local.port - b.local.port),
    processes: (await agent.processes()).map(({ name, state }) => [name, state]),
    servers: await shell(host, 'cat /etc/resolv.conf'),
    files: await shell(host, FILES),
    settings: await shell(
      host,
      'sysctl -a 2>/dev/null | grep -E "^net.ipv[46]" | grep -v -E "rt_cache|_seed|secret" | sort',
    ),
    limits: await shell(host, 'id -u; ulimit -n; cat /proc/self/status | grep -E "Cap|NoNewPrivs"'),
  });
  const said = own.reduce((all, word, n) => all.replaceAll(word, `own ${n}`), text);
  return [...said.split(/\\n|,(?=")/), ...(await shell(host, 'grep -v leased /etc/hosts')).split('\n')];
}

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'hosts born early and late', () => {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);

  beforeAll(async () => {
    lab = await labOf(netnsEngine(), scenario());
    // The others are born below, when much has happened already.
    await Promise.all(['early', 'leased-early'].map((name) => host(name).agent.carriers()));
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  async function speakTo(name: string): Promise<{ address: string; port: number }> {
    const { agent } = host('client');
    const address = host(name).plan.interfaces[0]!.addresses[0]!.address;
    const { handle, local } = await agent.tcpConnect({ to: { address, port: 9000 }, giveUp: 10_000 });
    await agent.tcpSend({ handle, bytes: Buffer.from('hello'), giveUp: 10_000 });
    await agent.tcpReceive({ handle, max: 100, giveUp: 10_000 });
    await agent.close({ handle });
    return local;
  }

  test('their programs have seen the same', async () => {
    for (const name of ['early', 'late']) {
      const local = await speakTo(name);
      const seen = await host(name).events.first(
        ({ event, peer }) => event === 'receive' && peer?.port === local.port,
        10_000,
      );
      expect(seen).toMatchObject({ transport: 'tcp', peer: local, text: 'hello' });
    }
  });

  test('they are the same host, in everything that can be asked', async () => {
    expect(await likeness(host('late'))).toEqual(await likeness(host('early')));
  });

  test('a lease, too, does not tell when its host was born', async () => {
    expect(await likeness(host('leased-late'))).toEqual(await likeness(host('leased-early')));
  });

  test('after an edit both know who came, and what goes on with them goes on', async () => {
    const to = planOf(scenario('  new: { networks: [lan] }'));
    const options = { progress: () => {}, signal: new AbortController().signal };
    await changeLab(lab, diffPlans(lab.plan, to), options);
    expect(await shell(host('early'), 'getent hosts new')).toContain('new');
    expect(await likeness(host('late'))).toEqual(await likeness(host('early')));
    await speakTo('late');
    // StartedAgent after it all.
    expect(await shell(host('new'), 'getent hosts late')).toContain('10.109.1.12');
  });
});

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'a host that goes', () => {
  test('takes with it what its agent has under way, and what its name server was', async () => {
    await using lab = await labOf(
      netnsEngine(),
      `{ lab: going, networks: { lan: 10.109.3.0/24, named: { subnet: 10.109.4.0/24, dns: gone } },
         hosts: { stays: { networks: [lan] }, gone: { networks: [lan, named] }, asks: { networks: [named] } } }`,
    );
    const { agent } = hostOf(lab, 'gone');
    const open = await agent.processStart({ argv: ['sleep', '600'] });
    const waiting = agent.processRead({ handle: open.handle, giveUp: 600_000 });
    waiting.catch(() => {});
    const to = planOf(
      '{ lab: going, networks: { lan: 10.109.3.0/24 }, hosts: { stays: { networks: [lan] } } }',
    );
    const options = { progress: () => {}, signal: new AbortController().signal };
    await changeLab(lab, diffPlans(lab.plan, to), options);
    expect([...lab.hosts.keys()]).toEqual(['stays']);
    expect(await shell(hostOf(lab, 'stays'), 'getent hosts gone || echo none')).toBe('none\n');
  });
});
