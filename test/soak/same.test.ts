/** One scenario on both engines: what is on every wire is the same, hop by hop. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Captures } from '../../lab/captures/captures.ts';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { CHAIN } from '../topology/contract.ts';
import { hopsOf } from '../topology/hops.ts';

const engines = [
  { engine: netnsEngine(), net: 108 },
  { engine: dockerEngine(), net: 109 },
];
const reports = await Promise.all(engines.map(({ engine }) => engine.probe()));
const { name: need, lacking } = reports.find((report) => report.lacking) ?? reports[0]!;

describeNeeding(need, lacking && `${lacking.why}; ${lacking.hint}`, 'on both engines', () => {
  let labs: { lab: LiveLab; net: number }[] = [];

  beforeAll(async () => {
    labs = await Promise.all(
      engines.map(async ({ engine, net }) => ({ lab: await labOf(engine, CHAIN(net)), net })),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(labs.map(({ lab }) => lab[Symbol.asyncDispose]()));
  }, 60_000);

  /** What a script at a host puts on the wires, seen at every host. */
  async function onTheWire({ lab, net }: { lab: LiveLab; net: number }, at: string, script: string) {
    for (const { agent } of lab.hosts.values()) await agent.forgetNeighbours();
    const captures = new Captures(lab.hosts, []);
    try {
      const everywhere = [...lab.hosts.keys()];
      const view = (await captures.watch(everywhere, []))!;
      await shell(hostOf(lab, at), script.replaceAll('NET', String(net)));
      expect(await captures.barrier(everywhere)).toBeUndefined();
      // Pieces that are on two networks at once may be seen in either order: each network has its own.
      const networks = Map.groupBy(hopsOf(view, lab), (line) => / on (\w+):/.exec(line)![1]);
      return (script.includes('-s 3000') ? [...networks.values()].flat() : hopsOf(view, lab)).map((line) =>
        line.replaceAll(`10.${net}.`, '10.NET.'),
      );
    } finally {
      await captures.stop();
    }
  }

  test.each([
    ['a ping across two routers, with the questions for every MAC', 'alice', 'ping -c1 -W2 echo', 12],
    ['a ping to a router’s far side', 'alice', 'ping -c1 -W2 10.NET.3.1', 8],
    ['a TTL that runs out at the second router', 'alice', 'ping -c1 -t2 -W2 echo || true', 8],
    ['an address that the last router finds nobody at', 'alice', 'ping -c1 -W4 10.NET.3.77 || true', 9],
    ['an address that no network has', 'alice', 'ping -c1 -W2 192.0.2.1 || true', 4],
    ['a datagram too large for the middle', 'bob', 'ping -M do -s 1472 -c1 -W2 echo || true', 4],
    ['one in pieces, as many as each network needs,', 'mid', 'ping -s 3000 -c1 -W2 echo', 17],
    ['a connection that is refused', 'mid', '(: >/dev/tcp/echo/9999) 2>/dev/null || true', 8],
  ])(
    '%s gives the same frames in the same order from the same cards',
    async (_, at, script, least) => {
      const bash = `bash -c '${script}'`;
      const [netns, docker] = [await onTheWire(labs[0]!, at, bash), await onTheWire(labs[1]!, at, bash)];
      expect(netns.length).toBeGreaterThanOrEqual(least);
      expect(docker).toEqual(netns);
    },
    30_000,
  );
});
