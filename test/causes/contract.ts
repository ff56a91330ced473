/**
 * Why a step failed, on real hosts: each cause is made to happen, and what is said of it is compared word for word;
 * beside it the nearest thing that is not that cause.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';
import { ADDRESSES } from './addresses.ts';
import { CAPTURED } from './captured.ts';
import { FORWARDS } from './forwards.ts';
import { CAPTURED_LOSSES, IMPAIRED } from './impaired-links.ts';
import { IPV6 } from './ipv6.ts';
import { KERNELS } from './kernels.ts';
import { KISSES } from './kisses.ts';
import { MACS } from './macs.ts';
import { MOVED } from './moved.ts';
import { CABLES } from './on-the-cable.ts';
import { CAPTURED_ON_THE_WAY, INSIDE, ON_THE_WAY } from './on-the-way.ts';
import { PROGRAMS } from './programs.ts';
import { ROUTED } from './routed.ts';
import { ROUTES } from './routes.ts';
import { RULES } from './rules.ts';
import { SOCKETS } from './sockets.ts';
import { STATIC_ROUTES } from './static-routes.ts';
import { WAYS } from './ways.ts';
import { ON_THE_WEB, SECURED } from './web.ts';

/** A scenario, and what is said of those of its steps that have a name. */
export interface Failing {
  title: string;
  /** Networks are 10.91.NET.0/24 and, where there are two, 10.91.(NET+1).0/24, written NET2. */
  yaml: string;
  capture?: boolean;
  /** By the step's name: the whole line, or undefined where nothing may be said. */
  says: Record<string, RegExp | undefined>;
}

/** `net` is the first of forty-six third numbers that are this engine's. `more` is what it alone has. */
export async function causesContract(
  engine: Engine,
  net: number,
  more: readonly Failing[] = [],
): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `causes on ${engine.name}`, () => {
    const own = [SOCKETS, CABLES, ROUTES, PROGRAMS, CAPTURED, RULES, IPV6, ROUTED, IMPAIRED];
    const all = [...own, STATIC_ROUTES, FORWARDS, WAYS, ADDRESSES, KERNELS, MACS, MOVED];
    const paths = [ON_THE_WAY, INSIDE, CAPTURED_ON_THE_WAY, CAPTURED_LOSSES, KISSES, ON_THE_WEB, SECURED];
    // Side by side: most of a failing step is waiting.
    describe.concurrent('in labs side by side', () => {
      [...all, ...paths, ...more].forEach((failing, index) => {
        failings(engine, net + 2 * index, failing);
      });
    });
  });
}

function failings(engine: Engine, net: number, { title, yaml, capture, says }: Failing): void {
  describe(title, () => {
    let results: StepResult[] = [];
    let lacking: string | undefined;
    const place = new AbortController();

    beforeAll(async () => {
      const text = yaml.replaceAll('NET2', `${net + 1}`).replaceAll('NET', `${net}`);
      const scenario = loadScenario(text, `${title}.yaml`, vocabulary);
      const run = await runScenario(scenario, { engine, signal: place.signal, capture: capture ?? false });
      results = run.steps;
      const states = run.hosts.map(({ capabilities }) => capabilities?.capture);
      const missing = states.find((state) => state !== undefined && state !== true);
      if (capture && missing) lacking = `${missing.why}; ${missing.hint}`;
    });
    afterAll(() => place.abort());

    test('whatever sets the stage holds', () => {
      const stage = results.filter(({ name, status }) => !(name in says) && status !== 'held');
      expect(stage.map(({ name, checks, skipped }) => ({ name, checks, skipped }))).toEqual([]);
    });

    test.for(Object.entries(says))('%s', ([name, line], { skip }) => {
      skip(lacking !== undefined, lacking);
      const steps = results.filter((step) => step.name === name);
      expect(steps).toHaveLength(1);
      const [step] = steps;
      const wrong = step!.checks.find(({ held }) => !held);
      const why = wrong?.why
        ?.replaceAll(`10.91.${net}.`, '10.91.1.')
        .replaceAll(`10.91.${net + 1}.`, '10.91.2.');
      expect(wrong).toBeDefined();
      if (line) expect(why).toMatch(line);
      else expect(why ?? '').not.toMatch(CLAIMS);
    });
  });
}

/** What some cause would say. */
const CLAIMS =
  /404 from|TLS|certificate|cut|lost|twice|turned|unplugged|is down|route|gateway|nobody|neighbour|rule|backlog|window|listens|bound|program|left from|unread|events|reached|held by|addresses|ports under|RST/;
