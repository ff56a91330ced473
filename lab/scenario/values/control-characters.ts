/** Control characters in a text that becomes a path, a kernel setting, a variable or a command: none is ever meant there. */
import { z } from 'zod';

/** The control characters of ASCII and of Latin 1 (Unicode category Cc). */
const CONTROL = /\p{Cc}/u;
/** A script of several lines is one text. */
const CONTROL_IN_LINES = /[^\P{Cc}\n\t]/u;

const NAMES: Readonly<Record<string, string>> = { '\n': 'a line end', '\r': 'a line end', '\t': 'a tab' };

/** The first control character of a text as a message names it; undefined where there is none. */
export function controlIn(text: string, { lines = false } = {}): string | undefined {
  const [found] = (lines ? CONTROL_IN_LINES : CONTROL).exec(text) ?? [];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return NAMES[found] ?? `the control character U+${code}`;
}

/** The hint for a text with a control character. */
export const WITHOUT_CONTROL = 'write the text without it';

/** A text that may have several lines, and no other control characters. */
export function lines(what: string): (text: string, context: z.RefinementCtx) => void {
  return (text, context) => {
    const found = controlIn(text, { lines: true });
    if (found === undefined) return;
    const message = `${found} cannot stand in ${what}`;
    context.addIssue({ code: 'custom', message, params: { hint: WITHOUT_CONTROL } });
  };
}

/** A text that is one line. */
export function oneLine(what: string): (text: string, context: z.RefinementCtx) => void {
  return (text, context) => {
    const found = controlIn(text);
    if (found === undefined) return;
    const message = `${found} cannot stand in ${what}`;
    context.addIssue({ code: 'custom', message, params: { hint: WITHOUT_CONTROL } });
  };
}

/** A program's line, or one of its arguments. */
export const command = z.string().superRefine(lines('a command'));
