/** A pattern of the user's that was still being tried when its time was over. Whether it matches is not known. */
import { LabError } from '../errors.ts';

export class SlowPattern extends LabError {
  readonly pattern: RegExp;
  /** The size of the texts that it was tried on, in UTF-8. */
  readonly bytes: number;
  /** The time for which it was tried. */
  readonly milliseconds: number;

  /** `whose` says where the pattern is written, in parentheses. */
  constructor(pattern: RegExp, bytes: number, milliseconds: number, whose = '') {
    const on = bytes === 1 ? '1 byte' : `${bytes} bytes`;
    const seconds = Math.round(milliseconds / 100) / 10;
    super(
      'scenario',
      `the pattern /${pattern.source}/${whose} was still being tried after ${seconds} s, on ${on}`,
      {
        hint:
          'write it so that a text can match in one way only: no repetition inside another one, as `(a+)+`, and no two beside ' +
          'each other that take the same characters, as `\\s*\\s*`',
      },
    );
    this.pattern = pattern;
    this.bytes = bytes;
    this.milliseconds = milliseconds;
  }
}
