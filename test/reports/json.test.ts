/** The JSON report: by its schema, against the golden file, and with any text in it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonReport } from '../../lab/reports/json.ts';
import { reportJsonSchema, reportSchema } from '../../lab/reports/schema.ts';
import { expectGolden } from './golden.ts';
import { clean, every, mixed, strict } from './runs.ts';
import { anyRun } from './strings.ts';

const schemaFile = join(import.meta.dirname, '../../lab/reports/report.schema.json');
const read = (text: string) =>
  JSON.parse(text) as { runs: Record<string, unknown>[]; held: boolean; version: number };

describe('the JSON report', () => {
  test('is written as it was read and found right', () => {
    expectGolden('runs.json', jsonReport(Object.values(every)));
  });

  test('has a schema that is current (UPDATE_GOLDEN=1 writes it anew)', () => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(schemaFile, reportJsonSchema());
    expect(readFileSync(schemaFile, 'utf8')).toBe(reportJsonSchema());
  });

  test('is valid by the schema as it lies in the file, whatever texts are in it', () => {
    const fromFile = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));
    const valid = (text: string) => {
      fromFile.parse(JSON.parse(text));
      reportSchema.parse(JSON.parse(text));
    };
    for (const run of Object.values(every)) valid(jsonReport([run]));
    fc.assert(fc.property(anyRun, (run) => valid(jsonReport([run]))));
  });

  test('and the schema refuses what is not a report', () => {
    const fromFile = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));
    const report = read(jsonReport([mixed]));
    const wrong = [
      { ...report, version: 3 },
      { ...report, more: 1 },
      { ...report, runs: [{ ...report.runs[0], started: 'yesterday' }] },
      { ...report, runs: [{ ...report.runs[0], engine: { name: 'abacus', why: [] } }] },
    ];
    for (const value of wrong) {
      expect(fromFile.safeParse(value).success).toBe(false);
      expect(reportSchema.safeParse(value).success).toBe(false);
    }
  });

  test('says whether all held as the exit code does', () => {
    expect(read(jsonReport([clean, clean])).held).toBe(true);
    expect(read(jsonReport([clean, mixed])).held).toBe(false);
    expect(read(jsonReport([strict])).held).toBe(false);
    expect(read(jsonReport([{ ...strict, strict: false }])).held).toBe(true);
    expect(read(jsonReport([every.interrupted])).held).toBe(false);
  });

  test('brings every text back as it was', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const [found] = read(jsonReport([run])).runs;
        // What is there for the text report alone does not travel.
        const sent = JSON.stringify(run.steps, (key, value) => (key === 'brief' ? undefined : value));
        expect(found?.steps).toEqual(JSON.parse(sent));
      }),
    );
  });
});
