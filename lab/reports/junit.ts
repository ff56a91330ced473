/** JUnit's XML as CI servers read it: a run is a suite, a step is a test case whose class is the step's host. */

import type { StepResult } from '../outcomes/step-result.ts';
import { clocksText } from './clocks-text.ts';
import { failedIn, lackingOf, type RunResult, titleOf } from './result.ts';
import { stopLine, troubleLine, troubleText } from './trouble.ts';
import { type Element, element, xmlDocument } from './xml.ts';

export function junitReport(runs: readonly RunResult[]): string {
  const totals = runs.map(countsOf);
  const sum = (key: keyof Counts) => totals.reduce((total, counts) => total + counts[key], 0);
  const attributes = {
    name: 'lanlab',
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    time: seconds(sum('time')),
  };
  return xmlDocument(element('testsuites', attributes, runs.map(suite)));
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  /** Milliseconds. */
  time: number;
}

function countsOf(run: RunResult): Counts {
  const { steps, stopped, took } = run;
  const unsure = steps.filter(({ status }) => status === 'incomplete').length;
  const failures = steps.filter((step) => failedIn(run, step)).length - unsure;
  return {
    tests: steps.length + (stopped ? 1 : 0),
    failures,
    errors: unsure + (stopped ? 1 : 0),
    skipped: steps.filter((step) => step.skipped && !failedIn(run, step)).length,
    time: took.up + took.steps + took.down,
  };
}

/** A suite. Its timestamp has no zone and no fraction: some readers accept nothing else. */
function suite(run: RunResult, index: number): Element {
  const { time, ...counts } = countsOf(run);
  const attributes = {
    id: index,
    name: titleOf(run),
    file: run.scenario.file,
    ...counts,
    time: seconds(time),
    timestamp: run.started.slice(0, 19),
  };
  const cases = run.steps.map((step) => testCase(run, step));
  return element('testsuite', attributes, [properties(run), ...cases, ...stopCase(run)]);
}

function properties(run: RunResult): Element {
  const { engine, versions, scenario, hosts, started, clocks = [] } = run;
  const lacking = lackingOf(run).map(
    ({ capability, hosts, why, hint }) =>
      [`lacking.${capability}`, `${why}; hint: ${hint}; at ${hosts.join(', ')}`] as const,
  );
  const all = [
    ...(scenario.about === undefined ? [] : [['about', scenario.about] as const]),
    ['engine', [engine.name, engine.version].filter(Boolean).join(': ')] as const,
    ...(engine.why.length > 0 ? [['engine.why', engine.why.join('; ')] as const] : []),
    ['lanlab', versions.lanlab] as const,
    ['node', versions.node] as const,
    ['system', versions.system] as const,
    ['started', started] as const,
    ...clocks.map((pair) => [`clocks.${pair.machines.join('.')}`, clocksText(pair)] as const),
    ...hosts.map((host) => [`host.${host.name}`, hostLine(host)] as const),
    ...lacking,
  ];
  return element(
    'properties',
    {},
    all.map(([name, value]) => element('property', { name, value })),
  );
}

function hostLine({ interfaces, program }: RunResult['hosts'][number]): string {
  const addresses = interfaces.map(({ addresses, network }) => `${addresses.join(', ')} (${network})`);
  return [...addresses, ...(program === undefined ? [] : [program])].join(', ');
}

function testCase(run: RunResult, step: StepResult): Element {
  const attributes = {
    name: step.name,
    classname: `${run.scenario.lab}.${step.at}`,
    time: seconds(step.took),
  };
  const story = element('system-out', {}, storyOf(step));
  if (failedIn(run, step)) {
    const unsure = step.status === 'incomplete';
    const type = step.skipped ? 'skipped' : unsure ? step.status : step.kind;
    const trouble = { message: troubleLine(step), type };
    const told = element(unsure ? 'error' : 'failure', trouble, troubleText(step));
    return element('testcase', attributes, [told, story]);
  }
  if (!step.skipped) return element('testcase', attributes, [story]);
  const message = `${step.skipped.why}; hint: ${step.skipped.hint}`;
  return element('testcase', attributes, [element('skipped', { message }), story]);
}

/** The facts of a step that have no place of their own in this format. */
function storyOf({ at, did, checks, started, shows }: StepResult): string {
  return [
    `at ${at}: ${did}`,
    ...checks.map(({ held, what }) => `${held ? 'held' : 'did not hold'}: ${what}`),
    ...(started === undefined ? [] : [`when: ${started}`]),
    ...(shows.length > 0 ? [`shows: ${shows.join(', ')}`] : []),
  ].join('\n');
}

function stopCase(run: RunResult): Element[] {
  const message = stopLine(run);
  if (message === undefined) return [];
  const attributes = {
    name: 'the run comes to its end',
    classname: `${run.scenario.lab}.lab`,
    time: seconds(0),
  };
  return [element('testcase', attributes, [element('error', { message, type: run.stopped?.code })])];
}

function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3);
}
