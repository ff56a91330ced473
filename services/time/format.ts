/** A strftime format → the time in it, at most 512 bytes of UTF-8; what cannot be done is said in words. */
import strftime from 'strftime';

export const REPLY_LIMIT = 512;
const EMPTY_MEANS = '%Y-%m-%d %X';

/** The names and forms of the C locale (ISO C 7.29.3.5). */
const format = strftime.localize({
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  shortDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  // biome-ignore format: a row a half-year
  months: ['January', 'February', 'March', 'April', 'May', 'June',
    'July', 'August', 'September', 'October', 'November', 'December'],
  shortMonths: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  AM: 'AM',
  PM: 'PM',
  am: 'am',
  pm: 'pm',
  formats: {
    c: '%a %b %e %H:%M:%S %Y',
    D: '%m/%d/%y',
    F: '%Y-%m-%d',
    R: '%H:%M',
    r: '%I:%M:%S %p',
    T: '%H:%M:%S',
    v: '%e-%b-%Y',
    X: '%H:%M:%S',
    x: '%m/%d/%y',
  },
});

/** What the library knows; it would print others as they are, and they are errors here. */
const LIBRARY = new Set('%ABCDFHILMPRSTUWXYabcdehklmnoprstuvwxyz');

/** Conversions the library has not, or gets wrong (its `%j` counts hours, so it is off at midnight and in summer). */
const OWN: Readonly<Record<string, (date: Date) => string>> = {
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  G: (date) => String(isoWeek(date).year),
  g: (date) => String(isoWeek(date).year % 100).padStart(2, '0'),
  V: (date) => String(isoWeek(date).week).padStart(2, '0'),
  Z: zoneName,
};

/** The reply to a datagram: the time at `microseconds` since 1970 in local time (`TZ`), or `error: …`. */
export function timeInFormat(request: Buffer, microseconds: number): string {
  // Conversions never shrink a reply this much, so longer requests need not be looked at.
  if (request.length > 65_536) return tooLong();
  let wanted: string;
  try {
    wanted = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(request);
  } catch {
    return 'error: the format is not UTF-8';
  }
  const date = new Date(Math.floor(microseconds / 1000));
  const prepared = prepare(wanted === '' ? EMPTY_MEANS : wanted, date);
  if ('error' in prepared) return prepared.error;
  const text = format(prepared.format, date);
  return Buffer.byteLength(text) > REPLY_LIMIT ? tooLong() : text;
}

function tooLong(): string {
  return `error: the time in this format is longer than ${REPLY_LIMIT} bytes`;
}

/** Checks every conversion and does our own, so that what is left is what the library does right. */
function prepare(wanted: string, date: Date): { format: string } | { error: string } {
  let unknown: string | undefined;
  const prepared = wanted.replace(/%(:(?=z)|[-_0]?)(.?)/gsu, (whole, flag: string, letter: string) => {
    const own = OWN[letter];
    if (own !== undefined) return padded(own(date), flag).replaceAll('%', '%%');
    if (!LIBRARY.has(letter)) unknown ??= whole;
    return whole;
  });
  if (unknown === undefined) return { format: prepared };
  return { error: `error: unknown conversion ${unknown}; known are those of strftime in C` };
}

function padded(text: string, flag: string): string {
  if (flag === '-') return text.replace(/^0+(?=\d)/, '');
  return flag === '_' ? text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length)) : text;
}

function dayOfYear(date: Date): number {
  // In UTC every day has 24 hours.
  const day = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (day - Date.UTC(date.getFullYear(), 0, 1)) / 86_400_000 + 1;
}

/** ISO 8601: weeks begin on Monday and belong to the year that has their Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate() + 4 - (date.getDay() || 7),
    12,
  );
  return { year: thursday.getFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

/** The zone's short name where JavaScript has one (`CET`, `EST`, `UTC`), else its offset (`+0800`). */
function zoneName(date: Date): string {
  for (const locale of ['en-US', 'en-GB']) {
    const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(date);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]+$/.test(name)) return name;
  }
  return format('%z', date);
}
