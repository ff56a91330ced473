/** The page of the library: its examples have the right types and run, and it names everything that is exported. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as library from 'lanlab';
import 'lanlab/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../../lab/agent/failures.ts';
import { FAILURE_KINDS } from '../../lab/agent/protocol.ts';
import { ChatPerson } from '../../lab/api/chat.ts';
import { Events } from '../../lab/api/events.ts';
import { Host } from '../../lab/api/host.ts';
import { Lab } from '../../lab/api/lab.ts';
import { TcpConnection, TcpListener } from '../../lab/api/tcp.ts';
import { UdpSocket } from '../../lab/api/udp.ts';
import { Wire } from '../../lab/api/wire.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { LAB_ERROR_CODES } from '../../lab/errors.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { readPage, rowsUnder, sections } from './page.ts';

const PATH = 'docs/library.md';
const page = readPage(PATH);
const [first, ...examples] = sections(PATH).flatMap(({ title, blocks }) =>
  blocks
    .filter(({ language }) => language === 'ts')
    .map(({ lines }, at) => ({ name: `${title} ${at + 1}`, code: lines.join('\n') })),
);

/** What an example may use of the first one. */
const NAMES = ['net', 'alice', 'bob'];

type Run = (given: Record<string, unknown>) => Promise<void>;

/** The code as a function of what it imports and of `names`; imports of Node are real ones. */
function runnable(code: string, names: readonly string[]): Run {
  const body = stripTypeScriptTypes(code)
    .replace(/^import '.*;$/gm, '')
    .replace(/^import (\{.*\}) from ('node:.*');$/gm, 'const $1 = process.getBuiltinModule($2);')
    .replace(/^import \{.*\} from '.*';$/gm, '');
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const given = { ...library, expect };
  const work = new AsyncFunction(...Object.keys(given), ...names, body);
  return (more) => work(...Object.values(given), ...names.map((name) => more[name])) as Promise<void>;
}

const { lacking } = await engineNamed('netns').probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'an example', () => {
  let given: Record<string, unknown> = {};
  let over = () => {};
  let whole = Promise.resolve();

  beforeAll(async () => {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    over = resolve;
    await new Promise<void>((ready, failed) => {
      const stay = (names: Record<string, unknown>) => {
        given = names;
        ready();
        return end;
      };
      whole = runnable(`${first!.code}\nawait stay({ ${NAMES.join(', ')} });`, ['stay'])({ stay });
      whole.catch(failed);
    });
  });
  afterAll(() => {
    over();
    return whole;
  });

  test.each(examples)('$name runs', async ({ code }) => {
    const before = expect.getState().assertionCalls ?? 0;
    await runnable(code, NAMES)(given);
    expect(expect.getState().assertionCalls, 'an example checks something').toBeGreaterThan(before);
  });
});

test('the examples have the types that they say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-library-'));
  try {
    for (const [at, { code }] of examples.entries()) {
      const imports = (text: string) => text.match(/^import .*$/gm) ?? [];
      const rest = (text: string) => text.replaceAll(/^import .*$/gm, '');
      const parts = [...imports(first!.code), ...imports(code), rest(first!.code), '{', rest(code), '}'];
      writeFileSync(join(folder, `${at}.ts`), parts.join('\n'));
    }
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')).compilerOptions;
    const own = Object.entries<string[]>(paths).map(([name, [path]]) => [name, [join(ROOT, path!)]]);
    const compilerOptions = {
      ...{
        module: 'esnext',
        moduleResolution: 'bundler',
        noUnusedLocals: false,
        rewriteRelativeImportExtensions: false,
      },
      typeRoots: [join(ROOT, 'node_modules/@types')],
      paths: { ...Object.fromEntries(own), vitest: [join(ROOT, 'node_modules/vitest')] },
    };
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const { stdout } = await promisify(execFile)(tsc, ['--noEmit', '-p', folder]).catch((error) => error);
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('the page names', () => {
  const code = [...page.prose.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
  const names = (name: string) => code.some((text) => new RegExp(`(?<![\\w'])${name}(?![\\w'])`).test(text));

  test.each(['lab/index.ts', 'lab/matchers.ts'])('everything that %s exports', (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const exported = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
      list!.split(',').map((one) => one.trim().replace(/^type /, '')),
    );
    expect(exported.length).toBeGreaterThan(1);
    expect(exported.filter((name) => name !== '' && !names(name))).toEqual([]);
  });

  test.each(
    [Lab, Host, TcpConnection, TcpListener, UdpSocket, ChatPerson, Events, Wire].map(
      (kind) => [kind.name, kind] as const,
    ),
  )('every member of %s', (_, kind) => {
    const members = Object.getOwnPropertyNames(kind.prototype).filter((name) => name !== 'constructor');
    expect(members.filter((name) => !names(name))).toEqual([]);
  });

  test('every kind of failure, with the errors of the kernel that it stands for', () => {
    const rows = rowsUnder(page, 'Failures of the network', 'kind');
    expect(rows.map(([kind]) => kind)).toEqual(FAILURE_KINDS.map((kind) => `\`${kind}\``));
    const wrong = rows.flatMap(([kind, errors]) =>
      (errors!.match(/E[A-Z]+/g) ?? []).filter((code) => `\`${kindOf(code)}\`` !== kind),
    );
    expect(wrong).toEqual([]);
  });

  test('every code of an error', () => {
    const codes = LAB_ERROR_CODES.map((code) => `\`${code}\``);
    expect(rowsUnder(page, 'Errors of the lab', 'code').map(([code]) => code)).toEqual(codes);
  });
});

function kindOf(code: string): string {
  return failure(Object.assign(new Error(code), { code }), 'connect', 0).kind;
}
