/** `lanlab schema`: JSON Schema of a scenario, for editors. */
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { vocabulary } from '../vocabulary.ts';

export function schemaFile(): string {
  return `${JSON.stringify(scenarioJsonSchema(vocabulary), null, 2)}\n`;
}
