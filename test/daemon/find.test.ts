/** Which lab and which host a word of the command line means. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { labOfHost, labsCalled, oneLab } from '../../lab/daemon/find.ts';
import type { LabState } from '../../lab/daemon/state.ts';

function lab(id: string, name: string, file: string, ...hosts: string[]): LabState {
  return {
    version: 1,
    id,
    lab: name,
    file: resolve(file),
    engine: 'netns',
    owner: { pid: 1, identity: 'nobody' },
    phase: 'up',
    since: '2026-01-01T00:00:00.000Z',
    hosts: hosts.map((host) => ({ name: host, addresses: [] })),
  };
}

const lan = lab('lan-1', 'lan', 'scenarios/lan.yaml', 'echo', 'alice');
const wan = lab('wan-1', 'wan', 'scenarios/wan.yaml', 'echo', 'router');
const other = lab('lan-2', 'lan', 'scenarios/other.yaml', 'bob');

describe('a lab', () => {
  test.each(['lan-1', 'scenarios/lan.yaml', resolve('scenarios/lan.yaml')])('is called %s', (word) => {
    expect(labsCalled(word, [lan, wan, other])).toEqual([lan]);
  });

  test('shares its name with another', () => {
    expect(labsCalled('lan', [lan, wan, other])).toEqual([lan, other]);
    expect(() => oneLab('lan', [lan, wan, other])).toThrow(
      '2 labs are called `lan`: lan-1 (lan on netns), lan-2 (lan on netns)',
    );
  });

  test('needs no name where it is the only one', () => {
    expect(oneLab(undefined, [lan])).toBe(lan);
    expect(() => oneLab(undefined, [lan, wan])).toThrow('2 labs are up: lan-1');
  });

  test('that was mistyped is told by the nearest', () => {
    expect(() => oneLab('wam', [lan, wan])).toThrow('no lab `wam` is up, did you mean `wan`?');
  });

  test('that is not there is told how to bring one up', () => {
    for (const word of ['lan', undefined]) {
      expect(() => oneLab(word, [])).toThrow(
        expect.objectContaining({ code: 'usage', hint: 'bring one up: lanlab up SCENARIO' }),
      );
    }
  });
});

describe('a host', () => {
  test('is found in the one lab that has it', () => {
    expect(labOfHost('router', undefined, [lan, wan])).toBe(wan);
  });

  test('of several labs needs the lab', () => {
    expect(() => labOfHost('echo', undefined, [lan, wan])).toThrow(
      expect.objectContaining({
        message: '2 labs have a host echo: lan-1 (lan on netns), wan-1 (wan on netns)',
        hint: 'say which: --lab lan-1',
      }),
    );
    expect(labOfHost('echo', 'wan', [lan, wan])).toBe(wan);
  });

  test('that was mistyped is told by the nearest, and the list', () => {
    expect(() => labOfHost('alise', undefined, [lan])).toThrow(
      expect.objectContaining({
        message: 'no host `alise` in lan, did you mean `alice`?',
        hint: 'the hosts there are: echo, alice',
      }),
    );
    expect(() => labOfHost('ruter', undefined, [lan, wan])).toThrow('did you mean `router`?');
  });
});
