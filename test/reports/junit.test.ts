/** The JUnit report: by its XML schema, against the golden file, and with any text in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { junitReport } from '../../lab/reports/junit.ts';
import { visible } from '../../lab/reports/printable.ts';
import { describeNeeding } from '../needs.ts';
import { expectGolden } from './golden.ts';
import { type Node, readXml } from './read-xml.ts';
import { every, failedStep, interrupted, mixed, neverUp, strict } from './runs.ts';
import { anyRun } from './strings.ts';
import { complaintsOf, lacksXmllint } from './xmllint.ts';

const all = Object.values(every);

function casesOf(xml: string): Node[] {
  const suites = readXml(xml).children;
  return suites.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));
}

function withChild(xml: string, name: string): Node[] {
  return casesOf(xml).filter(({ children }) => children.some((child) => child.name === name));
}

describe('the JUnit report', () => {
  test('is written as it was read and found right', () => {
    expectGolden('runs.xml', junitReport(all));
  });

  test("a failure's message alone tells expected, found, why, at which host and where", () => {
    const [failed] = withChild(junitReport([mixed]), 'failure');
    const message = failed?.children[0]?.attributes.message;
    for (const { held, what, expected, found, why } of failedStep.checks) {
      if (!held) for (const text of [what, expected, found, why ?? '']) expect(message).toContain(text);
    }
    expect(message).toContain(`at bob: ${failedStep.did}`);
    expect(message).toContain('scenarios/example.yaml:20:5');
  });

  test('counts what is in it', () => {
    for (const run of all) {
      const xml = junitReport([run]);
      const [suite] = readXml(xml).children;
      const { tests, failures, errors, skipped } = suite!.attributes;
      expect([tests, failures, errors, skipped].map(Number)).toEqual([
        casesOf(xml).length,
        ...['failure', 'error', 'skipped'].map((name) => withChild(xml, name).length),
      ]);
    }
  });

  test('a step that may not be skipped has failed, and one that was not reached has not', () => {
    expect(withChild(junitReport([strict]), 'failure')).toHaveLength(1);
    expect(withChild(junitReport([neverUp]), 'failure')).toHaveLength(0);
    expect(withChild(junitReport([interrupted]), 'error')).toHaveLength(1);
  });

  test('is well-formed, and brings every text back, whatever is in it', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const cases = casesOf(junitReport([run]));
        const steps = cases.slice(0, run.steps.length);
        expect(steps.map(({ attributes }) => attributes.name)).toEqual(
          run.steps.map(({ name }) => visible(name)),
        );
        for (const [index, { did }] of run.steps.entries()) {
          expect(steps[index]!.children.at(-1)!.text).toContain(visible(did));
        }
      }),
    );
  });
});

describeNeeding('xmllint', lacksXmllint, 'the JUnit report by its schema', () => {
  test('is valid', () => {
    expect(complaintsOf(junitReport(all))).toBe('');
    expect(complaintsOf(junitReport([]))).toBe('');
  });

  test('is valid whatever texts are in it', () => {
    expect(complaintsOf(junitReport(fc.sample(anyRun, 200)))).toBe('');
  });

  test('and the schema refuses what is not such a report', () => {
    const right = junitReport([mixed]);
    for (const [from, to] of [
      ['<testcase name=', '<testcase title='],
      ['failures="1"', 'failures="one"'],
      ['<skipped ', '<omitted '],
      ['time="0.002"', 'time="soon"'],
    ] as const) {
      expect(right).toContain(from);
      expect(complaintsOf(right.replace(from, to))).not.toBe('');
    }
  });
});
