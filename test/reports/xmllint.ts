/** The judge of XML that is not ours: xmllint of libxml2. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCHEMA = join(import.meta.dirname, 'junit.xsd');

/** What a test without it is skipped for. */
export const lacksXmllint =
  spawnSync('xmllint', ['--version']).status === 0
    ? undefined
    : 'xmllint is not installed; apt-get install libxml2-utils';

/** What is wrong with a JUnit report; nothing where it is valid. */
export function complaintsOf(xml: string): string {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  return status === 0 ? '' : stderr || `exit ${status}`;
}
