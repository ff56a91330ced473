/** The content of a host's file, and its mode: bytes as everywhere, or those of a file beside the scenario. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { reading, show, Wrong } from '../../model/reading.ts';
import type { BytesSpec } from '../../model/types.ts';
import { bytesForms, readBytes } from './bytes-value.ts';
import { controlIn, WITHOUT_CONTROL } from './control-characters.ts';

/** Bytes of the largest file that is taken along. */
export const MOST_FROM = 4 * 1024 * 1024;

/** A path, relative to the folder of the scenario. */
export interface From {
  from: string;
}

export interface FileValue {
  content: BytesSpec | From;
  /** Permissions (chmod(2)), where they are written. */
  mode?: number;
}

const MODE = '^0?[0-7]{3}$';
const MODE_HINT = 'write three octal digits in quotes: mode: "0755"';

const withMode = (form: Record<string, unknown>) =>
  form.type === 'object'
    ? { ...form, properties: { ...(form.properties as object), mode: { type: 'string', pattern: MODE } } }
    : form;

const fromForm = {
  type: 'object',
  properties: { from: { type: 'string' } },
  required: ['from'],
  additionalProperties: false,
};

export const fileContent = reading(readFile, {
  anyOf: [...bytesForms, fromForm].map(withMode),
  description:
    'Bytes, or { from } with the path of a file, relative to the folder of the scenario. A map may have `mode`, the permissions in octal: "0644" is the default.',
});

function readFile(input: unknown): FileValue | Wrong {
  const isMap = typeof input === 'object' && input !== null && !Array.isArray(input);
  if (!isMap || !('mode' in input)) return contentIn(input);
  const { mode, ...rest } = input as Record<string, unknown>;
  if (typeof mode !== 'string' || !new RegExp(MODE).test(mode))
    return new Wrong(`${show(mode)} is not the mode of a file`, MODE_HINT);
  if (Object.keys(rest).length === 0) return new Wrong('`mode` stands beside bytes', `write ${WITH_MODE}`);
  const read = contentIn(rest);
  return read instanceof Wrong ? read : { ...read, mode: Number.parseInt(mode, 8) };
}

const WITH_MODE = '{ from: ./x.py, mode: "0755" } or { text: "…", mode: "0755" }';

function contentIn(input: unknown): FileValue | Wrong {
  const content = readContent(input);
  return content instanceof Wrong ? content : { content };
}

function readContent(input: unknown): BytesSpec | From | Wrong {
  if (typeof input !== 'object' || input === null || !('from' in input)) return readBytes(input);
  const { from, ...rest } = input;
  const [other] = Object.keys(rest);
  if (other !== undefined)
    return new Wrong(`\`${other}\` cannot stand beside \`from\``, 'write { from: ./x.py }');
  if (typeof from !== 'string' || from === '')
    return new Wrong(`${show(from)} is not the path of a file`, 'write { from: ./x.py }');
  if (controlIn(from) !== undefined)
    return new Wrong(`${controlIn(from)} cannot stand in a path`, WITHOUT_CONTROL);
  return { from };
}

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
};

/** The file's bytes as they are now. `scenario` is the path of the scenario's file. */
export function contentFrom({ from }: From, scenario: string): BytesSpec | Wrong {
  const path = resolve(dirname(scenario), from);
  const hint = 'the path is relative to the folder of the scenario';
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return new Wrong(`${show(from)} is a folder`, 'write a line for each file in it');
    if (!stat.isFile()) return new Wrong(`${show(from)} is not a file`, 'name a file that holds bytes');
    if (stat.size > MOST_FROM)
      return new Wrong(`${show(from)} has ${stat.size} bytes`, `a file may have ${MOST_FROM} (4MiB)`);
    const bytes = readFileSync(path);
    const text = bytes.toString();
    return Buffer.from(text).equals(bytes) ? { text } : { hex: bytes.toString('hex') };
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    return new Wrong(`cannot read ${show(from)}: ${UNREADABLE[code] ?? message}`, hint);
  }
}
