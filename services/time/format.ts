/** A strftime format → the time in it, at most 512 bytes of UTF-8, or an error in words. */
import strftime from 'strftime';

export const REPLY_LIMIT = 512;
/** Every conversion gives a byte or more and takes three at most (`%-d`), so a longer request has too long a reply. */
const REQUEST_LIMIT = 3 * REPLY_LIMIT;
const EMPTY_MEANS = '%Y-%m-%d %X';
/** A conversion (its flag, its letter) or the text up to the next one. */
const PARTS = /%(:(?=z)|[-_0]?)(.?)|[^%]+/gsu;

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

/** Conversions that the library knows. It would print others as they are; here they are errors. */
const LIBRARY = new Set('%ABCDFHILMPRSTUWXYabcdehklmnoprstuvwxyz');

/** Conversions that the library lacks or gets wrong (its `%j` counts hours, so it is off at midnight and in summer). */
const OWN: Readonly<Record<string, (date: Date) => string>> = {
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  G: (date) => String(isoWeek(date).year),
  g: (date) => String(isoWeek(date).year % 100).padStart(2, '0'),
  V: (date) => String(isoWeek(date).week).padStart(2, '0'),
  Z: zoneName,
};

/** The reply to a datagram: the time at `microseconds` since 1970 in local time (`TZ`), or `error: …`. */
export function timeInFormat(request: Buffer, microseconds: number): string {
  if (request.length > REQUEST_LIMIT) return tooLong();
  let wanted: string;
  try {
    wanted = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(request);
  } catch {
    return 'error: the format is not UTF-8';
  }
  return written(wanted === '' ? EMPTY_MEANS : wanted, new Date(Math.floor(microseconds / 1000)));
}

function tooLong(): string {
  return `error: the time in this format is longer than ${REPLY_LIMIT} bytes`;
}

/** Conversion by conversion, each worked out once, until the reply has its limit of bytes. */
function written(wanted: string, date: Date): string {
  const known = new Map<string, string>();
  let text = '';
  let bytes = 0;
  for (const [part, flag, letter] of wanted.matchAll(PARTS)) {
    const value =
      letter === undefined ? part : (known.get(part) ?? conversion(part, flag ?? '', letter, date));
    if (value === undefined) return `error: unknown conversion ${part}; known are those of strftime in C`;
    known.set(part, value);
    text += value;
    bytes += Buffer.byteLength(value);
    if (bytes > REPLY_LIMIT) return tooLong();
  }
  return text;
}

/** Undefined for a conversion that is not known. */
function conversion(whole: string, flag: string, letter: string, date: Date): string | undefined {
  const own = OWN[letter];
  if (own !== undefined) return padded(own(date), flag);
  return LIBRARY.has(letter) ? format(whole, date) : undefined;
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
  for (const names of zoneNames()) {
    const name = names.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]+$/.test(name)) return name;
  }
  return format('%z', date);
}

let made: { readonly zone: string | undefined; readonly names: readonly Intl.DateTimeFormat[] } | undefined;

/** To make a formatter takes longer than the rest of a reply, so formatters are kept for as long as `TZ` stays. */
function zoneNames(): readonly Intl.DateTimeFormat[] {
  const zone = process.env.TZ;
  if (made === undefined || made.zone !== zone) {
    const names = ['en-US', 'en-GB'].map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }),
    );
    made = { zone, names };
  }
  return made.names;
}
