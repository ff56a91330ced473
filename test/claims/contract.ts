/** Claims proven on a real lab: one that is shown, one whose control holds, one that fails otherwise. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { lanlab, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { scratch } from './scratch.ts';

const SCENARIO = (net: number) => `
lab: proving
networks: { office: 10.${net}.1.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.1.10 } }
  alice: { networks: { office: 10.${net}.1.21 } }
steps:
  - name: nobody listens yet
    at: alice
    tcp: { to: "echo:9400" }
    expect: { fails: refused, wire: ["tcp alice > echo SYN", "tcp echo > alice RST+ACK"] }
    shows: [C16]
    control:
      world: [{ at: echo, listen: { tcp: 9400, as: early } }]
      fails: { check: "fails: refused", found: "no failure: tcp 10.${net}.1.21" }
  - name: the answer is in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO }
    shows: [P2, C1, C17]
    control:
      P2: { hosts: { echo: { command: [socat, "TCP-LISTEN:9000,reuseaddr,fork", "SYSTEM:cat"], ready: { tcp: 9000 } } }, fails: { check: received, found: '"hello"' } }
      # This world is no other: alice has the same answer from the same server.
      C1: { step: { tcp: { from: 40001 } }, fails: { check: received, found: nothing } }
      # It fails, for nobody listens there; that says nothing about handshakes.
      C17: { step: { tcp: { to: "echo:9999" } }, fails: { check: received, found: '"hello"' } }
`;

/** The network is 10.NET.1.0/24. */
export async function claimsContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `claims on ${engine.name}`, () => claims(engine.name, net));
}

function claims(engine: string, net: number): void {
  const file = join(scratch(), 'proving.yaml');
  writeFileSync(file, SCENARIO(net));
  const prove = (...more: string[]) => lanlab('claims', '--prove', '--engine', engine, ...more, file);

  describe('lanlab claims --prove', () => {
    test('says of each claim whether it is shown, and by what it was found out', async () => {
      const { exit, stdout } = await prove('--json');
      const { shown, not, claims, ...by } = JSON.parse(stdout);
      expect({ shown, not, exit }).toEqual({ shown: 2, not: 2, exit: 1 });
      expect(by).toEqual({ engine, labs: 5, took: expect.any(Number) });
      const of = (id: string) => claims.find((one: { id: string }) => one.id === id);
      expect(of('C16')).toMatchObject({
        verdict: 'shown',
        by: [{ step: 1, findings: [{ how: 'as foretold' }] }],
      });
      expect(of('P2').by[0].findings[0]).toMatchObject({ how: 'as foretold', found: '"hello"' });
      expect(of('C1')).toMatchObject({ verdict: 'control held', by: [{ findings: [{ how: 'held' }] }] });
      expect(of('C17')).toMatchObject({ verdict: 'failed otherwise' });
      expect(of('C17').by[0].findings[0].found).toContain('ECONNREFUSED');
    }, 120_000);

    // The same on every engine: how a proof ends follows from what was found.
    if (engine === 'netns')
      test('ends with 0 where all that was asked for is shown', async () => {
        const { exit, stdout } = await prove('--filter', 'c16', '--filter', 'P2', '--jobs', '1');
        expect(stdout).toMatch(new RegExp(`\n2 shown, 0 not, on ${engine} \\(3 labs, .+ s\\)\n$`));
        expect(exit).toBe(0);
      }, 120_000);

    test('Ctrl-C takes every lab down and ends it with 130', async () => {
      const command = start(['claims', '--prove', '--engine', engine, file]);
      await command.complained('lab 3 of');
      command.child.kill('SIGINT');
      const { exit, stderr } = await command.ended;
      expect(stderr).toContain('interrupted (SIGINT)');
      expect(exit).toBe(130);
      const { stdout } = await lanlab('ps');
      expect(stdout).not.toContain('proving');
    }, 120_000);
  });
}
