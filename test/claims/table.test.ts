/** The table of claims: complete, each one sentence, and listed with the steps that show it. */
import { expect, test } from 'vitest';
import { listClaims } from '../../lab/claims/listing.ts';
import { claimsPage } from '../../lab/claims/markdown.ts';
import { CLAIMS, GROUPS } from '../../lab/claims/table.ts';
import { listingText } from '../../lab/claims/text.ts';
import { CLAIM } from '../../lab/scenario/controls/claim.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const range = (letter: string, last: number) => Array.from({ length: last }, (_, at) => `${letter}${at + 1}`);
const IDS = [...range('P', 13), ...range('C', 36), ...range('W', 7)];

test('the table has P1 to P13, C1 to C36 and W1 to W7, each once and in order', () => {
  expect(CLAIMS.map(({ id }) => id)).toEqual(IDS);
});

test('the loader knows the same claims, and no other', () => {
  expect(IDS.filter((id) => !CLAIM.test(id))).toEqual([]);
  expect(['P0', 'P14', 'C0', 'C37', 'C01', 'W8', 'w1', 'C1 '].filter((id) => CLAIM.test(id))).toEqual([]);
});

test('a claim is one sentence, and no two are the same', () => {
  expect(CLAIMS.filter(({ says }) => !/^[^\n]{20,120}\.$/.test(says))).toEqual([]);
  expect(new Set(CLAIMS.map(({ says }) => says)).size).toBe(CLAIMS.length);
  expect([...new Set(CLAIMS.map(({ group }) => group))].toSorted()).toEqual(Object.keys(GROUPS).toSorted());
});

const scenario = loadScenario(
  `
lab: two
networks: { office: 10.50.1.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.50.1.10 } }
  alice: { networks: { office: 10.50.1.21 } }
steps:
  - { name: nobody yet, at: alice, tcp: { to: "echo:9999" }, expect: { fails: refused }, shows: [C16] }
  - name: the server answers
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO }
    shows: [C1, P2]
    control: { P2: { step: { tcp: { to: "echo:7" } }, fails: { check: received, found: hello } } }
`,
  'two.yaml',
  vocabulary,
);
const listed = listClaims([scenario]);
const of = (id: string) => listed.find(({ claim }) => claim.id === id)!.by;

test('a claim lists the steps that show it, with the controls that are for it', () => {
  expect(of('P2').map(({ step, controls }) => [step.index, controls.length])).toEqual([[2, 1]]);
  expect(of('C1').map(({ step, controls }) => [step.index, controls.length])).toEqual([[2, 0]]);
  expect(of('C2')).toEqual([]);
});

test('as text every claim is there, and who shows it with what', () => {
  const text = listingText(listed, { colour: false, width: 100 });
  for (const id of IDS) expect(text).toMatch(new RegExp(`^${id} `, 'm'));
  expect(text).toContain('     two.yaml, step 2: the server answers (1 control)\n');
  expect(text).toContain('     two.yaml, step 1: nobody yet (no control)\n');
  expect(text).toMatch(/\n3 with a step that shows them, 53 with none\n$/);
});

test('as a page steps with a control are bold, and a claim that nothing shows says so', () => {
  const page = claimsPage(listed, (file) => `[${file}](x/${file})`);
  expect(page).toMatch(/\| P2 \| .* \| \[two\.yaml\]\(x\/two\.yaml\) \*\*2\*\* \|/);
  expect(page).toMatch(/\| C16 \| .* \| \[two\.yaml\]\(x\/two\.yaml\) 1 \|/);
  expect(page).toMatch(/\| C2 \| .* \| – \|/);
  expect(page).toContain('1 of 56 have a control.');
});
