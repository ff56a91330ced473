/** From bytes to text: a file that cannot be a scenario at all is refused before YAML sees it. */
import { isUtf8 } from 'node:buffer';
import { newPage, type Page, refuse, throwProblems } from './page.ts';

/** The most a scenario file may hold: 1 MiB. */
export const MOST_TEXT = 1024 * 1024;

/** The page of a text, or an error where it is empty, too large, or not UTF-8. */
export function openPage(source: string | Uint8Array, file: string): Page {
  const page = newPage(file, typeof source === 'string' ? source.replace(/^\ufeff/, '') : decode(source));
  markLines(page);
  if (Buffer.byteLength(source) > MOST_TEXT) {
    refuseWhole(
      page,
      'the file is over 1 MiB',
      'a scenario is written by hand; large contents are made with { random, seed }',
    );
  } else if (typeof source !== 'string' && !isUtf8(source)) refuseEncoding(page, source);
  else if (/^(?:\s|#.*)*$/.test(page.text)) {
    refuseWhole(page, 'the file is empty', 'begin with `lab:`, `networks:` and `hosts:`');
  } else refuseControls(page);
  throwProblems(page);
  return page;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes.subarray(0, MOST_TEXT));
}

function markLines(page: Page): void {
  for (let start = 0; start >= 0; ) {
    page.lines.addNewLine(start);
    const end = page.text.indexOf('\n', start);
    start = end < 0 ? -1 : end + 1;
  }
}

function refuseWhole(page: Page, message: string, hint: string): void {
  refuse(page, [0, 1], message, { hint });
}

/** Refuses the first line that is not UTF-8, at the first replacement character that we put there. */
function refuseEncoding(page: Page, bytes: Uint8Array): void {
  let line = 0;
  for (let start = 0; start <= bytes.length; line++) {
    const stop = bytes.indexOf(10, start);
    const end = stop < 0 ? bytes.length : stop;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  const lineStart = page.lines.lineStarts[line] ?? 0;
  const bad = Math.max(page.text.indexOf('\ufffd', lineStart), 0);
  refuse(page, [bad, bad + 1], 'the file is not UTF-8 from here on', { hint: 'save it as UTF-8' });
}

/** YAML 1.2 section 5.1: only printable characters; other characters hide what a file says. */
function refuseControls(page: Page): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  for (const found of page.text.matchAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\r(?!\n)/g)) {
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    refuse(
      page,
      [found.index, found.index + 1],
      `the control character U+${code} cannot stand in a scenario`,
      {
        hint: 'for bytes that are not text write { hex: "0001ff" }',
      },
    );
  }
}
