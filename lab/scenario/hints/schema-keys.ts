/** The keys that a zod schema takes at a path: zod says that a key is unknown, but not which ones are known. */
import { z } from 'zod';
import type { Path } from '../text/tree.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

/** The keys of every object that may stand at the path, in the order written. */
export function keysAt(schema: Schema, path: Path): string[] {
  const keys = schemasAt(schema, path)
    .flatMap(objectsOf)
    .flatMap((candidate) => {
      const def = defOf(candidate);
      return def.type === 'object' ? Object.keys(def.shape) : [];
    });
  return [...new Set(keys)];
}

/** The schemas of a value at the path, each as its author wrote it: those of every branch of a union that has the path. */
export function schemasAt(schema: Schema, path: Path): Schema[] {
  let found = [schema];
  for (const step of path) found = found.flatMap(objectsOf).flatMap((candidate) => childOf(candidate, step));
  return found;
}

/** As schemasAt, in one schema. */
export function schemaAt(schema: Schema, path: Path): Schema {
  const found = schemasAt(schema, path);
  return found.length === 1 ? found[0]! : z.union(found as [Schema, ...Schema[]]);
}

/** Whether a value is read elsewhere, so that its right form is not known here. */
export function takesAnything(schema: Schema): boolean {
  const def = defOf(schema);
  return def.type === 'optional' ? takesAnything(def.innerType) : def.type === 'unknown';
}

/** The words that the schema has a choice of; none where it takes something else. */
export function optionsOf(schema: Schema): string[] {
  return objectsOf(schema).flatMap((one) => {
    const def = defOf(one);
    return def.type === 'enum' ? Object.values(def.entries).map(String) : [];
  });
}

/** Whether a value that is read by a function (`reading`) is one text or number, as its JSON Schema says. */
export function takesPlain(schema: Schema): boolean {
  const def = defOf(schema);
  if (def.type === 'optional') return takesPlain(def.innerType);
  const type = z.globalRegistry.get(schema)?.type;
  return type === 'string' || type === 'integer';
}

function defOf(schema: Schema): Def {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema without all wrappers that change no keys; each branch of a union by itself. */
function objectsOf(schema: Schema): Schema[] {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return objectsOf(def.innerType);
    case 'pipe':
      return objectsOf(def.in);
    case 'lazy':
      return objectsOf(def.getter());
    case 'union':
      return def.options.flatMap(objectsOf);
    case 'intersection':
      return [...objectsOf(def.left), ...objectsOf(def.right)];
    default:
      return [schema];
  }
}

function childOf(schema: Schema, step: PropertyKey): Schema[] {
  const def = defOf(schema);
  if (def.type === 'object') return [def.shape[String(step)]].filter((child) => child !== undefined);
  if (def.type === 'array') return typeof step === 'number' ? [def.element] : [];
  if (def.type === 'record') return [def.valueType];
  if (def.type === 'tuple' && typeof step !== 'number') return [];
  if (def.type === 'tuple') return [def.items[Number(step)] ?? def.rest].filter((child) => child != null);
  return [];
}
