/**
 * Two hosts behind two NATs, in all sixteen pairs of the four older kinds (RFC 3489 section 5): which can punch holes for
 * each other (RFC 5128 section 3.3) when each knows the port that a server outside sees of the other.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const NET = 231;
const [EI, AD, APD] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];
const KINDS: Record<string, string> = {
  full: `mapping: ${EI}, filtering: ${EI}`,
  restricted: `mapping: ${EI}, filtering: ${AD}`,
  port: `mapping: ${EI}, filtering: ${APD}`,
  symmetric: `mapping: ${APD}, filtering: ${APD}`,
};
const NAMES = Object.keys(KINDS);
/** All others can. */
const CANNOT = ['port symmetric', 'symmetric port', 'symmetric symmetric'];

const sides = NAMES.flatMap((kind) => ['a', 'b'].map((side) => ({ kind, name: `${side}-${kind}` })));
const LAB = `
lab: pairs
networks:
  world: 10.${NET}.0.0/24
${sides.map(({ name }, index) => `  in-${name}: 10.${NET}.${index + 1}.0/24`).join('\n')}
hosts:
  rdv: { networks: [world] }
  stranger: { networks: [world] }
${sides.map(({ kind, name }) => `  nat-${name}: { forward: true, networks: [in-${name}, world], nat: { outside: world, hairpin: true, ${KINDS[kind]} } }\n  ${name}: { networks: [in-${name}] }\n  ${name}-too: { networks: [in-${name}] }`).join('\n')}
`;

const engine = netnsEngine();
const { lacking } = await engine.probe();
describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'pairs of NATs on netns', () => {
  let lab: LiveLab;
  let next = 20_000;

  beforeAll(async () => {
    lab = await labOf(engine, LAB);
  }, 120_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  async function socket(name: string, port = next++) {
    const { agent, plan } = hostOf(lab, name);
    const own = { address: plan.interfaces[0]!.addresses[0]!.address, port };
    const { handle } = await agent.udpOpen({ bind: own, to: { address: `10.${NET}.0.250`, port: 9 } });
    onTestFinished(async () => void (await agent.close({ handle })));
    return {
      own,
      send: (to: Endpoint, text = name) => agent.udpSend({ handle, to, bytes: Buffer.from(text) }),
      async heard() {
        const { from, bytes } = await agent.udpReceive({ handle, giveUp: 5000 });
        return { from, text: Buffer.from(bytes).toString() };
      },
    };
  }
  type Socket = Awaited<ReturnType<typeof socket>>;

  /** The outside end of a socket as a server sees it, and how the server has it hear: `mark` comes after all else. */
  async function registered(one: Socket) {
    const rdv = await socket('rdv');
    await one.send(rdv.own);
    const { from } = await rdv.heard();
    return { outside: from, mark: () => rdv.send(from, 'mark') };
  }

  /** Who sent what came before the mark. */
  async function heardBy(one: Socket, mark: () => Promise<unknown>): Promise<Endpoint[]> {
    await mark();
    const found: Endpoint[] = [];
    for (;;) {
      const { from, text } = await one.heard();
      if (text === 'mark') return found;
      found.push(from);
    }
  }

  describe('of two NATs', () => {
    for (const one of NAMES)
      for (const two of NAMES) {
        const can = !CANNOT.includes(`${one} ${two}`);
        test(`${one} and ${two} ${can ? 'can' : 'cannot'} be punched`, async () => {
          const [ann, ben] = [await socket(`a-${one}`), await socket(`b-${two}`)];
          const [atAnn, atBen] = [await registered(ann), await registered(ben)];
          await ann.send(atBen.outside);
          await ben.send(atAnn.outside);
          await ann.send(atBen.outside);
          const annHeard = await heardBy(ann, atAnn.mark);
          const benHeard = await heardBy(ben, atBen.mark);
          // Who hears the other answers whom it heard.
          for (const from of annHeard) await ann.send(from);
          for (const from of benHeard) await ben.send(from);
          const annToo = [...annHeard, ...(await heardBy(ann, atAnn.mark))];
          const benToo = [...benHeard, ...(await heardBy(ben, atBen.mark))];
          expect({ ann: annToo.length > 0, ben: benToo.length > 0 }).toEqual({ ann: can, ben: can });
        });
      }
  });

  describe('a filter', () => {
    test.each([
      ['full', ['stranger', 'other port', 'same']],
      ['restricted', ['other port', 'same']],
      ['port', ['same']],
      ['symmetric', ['same']],
    ])('of a %s cone lets in %j', async (kind, expected) => {
      const inside = await socket(`a-${kind}`);
      const [asked, otherPort, stranger] = [
        await socket('rdv'),
        await socket('rdv'),
        await socket('stranger'),
      ];
      await inside.send(asked.own);
      const { from: outside } = await asked.heard();
      await stranger.send(outside, 'stranger');
      await otherPort.send(outside, 'other port');
      await asked.send(outside, 'same');
      const heard: string[] = [];
      while (heard.at(-1) !== 'same') heard.push((await inside.heard()).text);
      expect(heard).toEqual(expected);
    });
  });

  test('a NAT with `hairpin` leads a port of its own back inside, from a port of its own', async () => {
    const [one, two] = [await socket('a-port'), await socket('a-port-too')];
    const [atOne, atTwo] = [await registered(one), await registered(two)];
    await one.send(atTwo.outside, 'early');
    await two.send(atOne.outside, 'hello');
    expect(await one.heard()).toEqual({ from: atTwo.outside, text: 'hello' });
    await one.send(atTwo.outside, 'welcome');
    expect(await two.heard()).toEqual({ from: atOne.outside, text: 'welcome' });
  });
});
