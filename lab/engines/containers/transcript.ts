/**
 * Reads the engine's messages about a build or a pull to their end; throws its error. `line` gets the build's own output,
 * `heard` is called at each message.
 */
import { stripVTControlCharacters } from 'node:util';

/** One message of a build or a pull. */
interface Message {
  stream?: string;
  error?: string;
  errorDetail?: { message?: string };
}

export async function follow(
  answer: AsyncIterable<unknown>,
  line: (text: string) => void,
  heard: () => void = () => {},
): Promise<void> {
  let failure: string | undefined;
  let output = '';
  for await (const text of linesOf(answer)) {
    heard();
    const message = JSON.parse(text) as Message;
    failure ??= message.errorDetail?.message ?? message.error;
    const lines = (output + stripVTControlCharacters(message.stream ?? '')).split(/\r?\n/);
    output = lines.pop() ?? '';
    for (const each of lines) if (each.trim()) line(each);
  }
  if (output.trim()) line(output);
  if (failure !== undefined) throw new Error(failure);
}

async function* linesOf(bytes: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((each) => each.trim());
  }
  if (rest.trim()) yield rest;
}
