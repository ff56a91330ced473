/** Makes JSON Schema into tables of keys, and into words for the kinds of values. */
import { z } from 'zod';

/** The part of JSON Schema that the reference reads. */
export interface Json {
  title?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Json>;
  additionalProperties?: Json | boolean;
  required?: string[];
  anyOf?: Json[];
  oneOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  items?: Json;
  prefixItems?: Json[];
}

export interface Row {
  /** With the keys above it: `ready.tcp`. */
  key: string;
  needed: boolean;
  value: Json;
}

export function jsonOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
}

/** Each form that a value may have; a value that has a name of its own (`bytes`) is one form. */
export function formsOf(json: Json): Json[] {
  const inner = json.title === undefined ? (json.anyOf ?? json.oneOf) : undefined;
  return inner ? inner.flatMap(formsOf) : [json];
}

/** Every key of the maps that a value may be, and of the maps in those. A list of maps has the keys of its maps. */
export function rowsOf(json: Json, above = ''): Row[] {
  const maps = formsOf(json)
    .flatMap((form) => (form.items && form.type === 'array' ? formsOf(form.items) : [form]))
    .filter(({ properties, title }) => properties && title === undefined);
  const keys = new Map(maps.flatMap(({ properties }) => Object.entries(properties ?? {})));
  return [...keys].flatMap(([key, value]) => {
    const needed = maps.every(({ required }) => required?.includes(key));
    return [{ key: above + key, needed, value }, ...rowsOf(value, `${above}${key}.`)];
  });
}

/** `page` is the path from here to the list of values: `../reference.md`, or nothing on that page itself. */
export function keysTable(rows: readonly Row[], page: string): string {
  if (rows.length === 0) return '';
  const lines = rows.map(({ key, needed, value }) => {
    const name = `\`${key}\`${needed ? ' (needed)' : ''}`;
    return `| ${name} | ${kindOf(value, page)} | ${sentences(value.description ?? '').join('<br>')} |`;
  });
  return ['| key | takes | meaning |', '|---|---|---|', ...lines].join('\n');
}

/** `[time](reference.md#values)`, `a list of text`, `` `3` or `4` ``. */
export function kindOf(json: Json, page: string): string {
  const forms = formsOf(json);
  if (forms.length > 1) return alternatives(forms, page);
  const [form] = forms as [Json];
  if (form.title !== undefined) return `[${form.title}](${page}#values)`;
  if (form.enum) return form.enum.map((value) => `\`${value}\``).join(', ');
  if (form.const !== undefined) return `\`${form.const}\``;
  if (form.prefixItems)
    return `a list of two: ${form.prefixItems.map((item) => kindOf(item, page)).join(' and ')}`;
  if (form.type === 'array') return form.items ? `a list of ${many(kindOf(form.items, page))}` : 'a list';
  if (form.type === 'object' || form.properties || form.required) return 'a map';
  return plainOf(form);
}

/** Lists last: `text, or a list of text or maps`. */
function alternatives(forms: readonly Json[], page: string): string {
  const kinds = [...new Set(forms.map((form) => kindOf(form, page)))];
  const isList = (kind: string) => kind.startsWith('a list');
  const sorted = [...kinds.filter((kind) => !isList(kind)), ...kinds.filter(isList)];
  if (sorted.length === 1) return sorted[0]!;
  const comma = sorted.length > 2 || sorted.some(isList) ? ', or ' : ' or ';
  return `${sorted.slice(0, -1).join(', ')}${comma}${sorted.at(-1)}`;
}

function many(kind: string): string {
  return kind.replaceAll(/\ba map\b/g, 'maps').replaceAll(', or ', ' or ');
}

const PLAIN: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  null: 'nothing',
};

function plainOf({ type }: Json): string {
  return [type ?? []]
    .flat()
    .map((one) => PLAIN[one] ?? one)
    .join(' or ');
}

/** A text cut into its sentences. */
export function sentences(text: string): string[] {
  return text.split(/(?<=[\w)"`…]\.) +/).filter((one) => one !== '');
}
