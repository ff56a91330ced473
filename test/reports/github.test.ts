/** Annotations of GitHub Actions: against the golden file, and with any text in them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { githubAnnotations } from '../../lab/reports/github.ts';
import { oneLine } from '../../lab/reports/printable.ts';
import { troubleLine } from '../../lab/reports/trouble.ts';
import { expectGolden } from './golden.ts';
import { clean, every, failedStep, mixed } from './runs.ts';
import { anyRun } from './strings.ts';

interface Annotation {
  command: string;
  properties: Record<string, string>;
  message: string;
}

/** As the runner of GitHub Actions reads a line. */
function read(line: string): Annotation {
  const [, command, properties, message] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
  if (command === undefined) throw new Error(`no annotation: ${line}`);
  const pairs = properties!.split(',').map((pair) => pair.split('=', 1).concat(pair.replace(/^[^=]*=/, '')));
  const data = (text: string) => text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
  const property = (text: string) => data(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
  return {
    command,
    properties: Object.fromEntries(pairs.map(([key, value]) => [key, property(value!)])),
    message: data(message!),
  };
}

describe('annotations of GitHub Actions', () => {
  test('are written as they were read and found right', () => {
    expectGolden('annotations.txt', githubAnnotations(Object.values(every)));
  });

  test('there is none where all held', () => {
    expect(githubAnnotations([clean])).toBe('');
  });

  test('stand at the line of the step, in the path that GitHub knows', () => {
    const [first] = githubAnnotations([mixed], { path: (file) => `sub/${file}` }).split('\n');
    expect(read(first!)).toEqual({
      command: 'error',
      properties: {
        file: 'sub/scenarios/example.yaml',
        line: '20',
        col: '5',
        title: `example on netns: ${failedStep.name}`,
      },
      message: troubleLine(failedStep),
    });
  });

  test('are one line each, and are read back as they were, whatever texts are in them', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const text = githubAnnotations([run]);
        const found = text.trimEnd().split('\n').map(read);
        expect(found.map(({ command }) => command)).toEqual([
          'error',
          run.strict ? 'error' : 'warning',
          'error',
        ]);
        const [failed] = found;
        const step = run.steps[1]!;
        expect(failed?.message).toBe(troubleLine(step));
        expect(failed?.properties.file).toBe(oneLine(step.where.file));
        expect(text).toMatch(/^[\n\P{Cc}]*$/u);
      }),
    );
  });
});
