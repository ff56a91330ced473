/** Seconds since 1900, as the Time Protocol (RFC 868) and NTP (RFC 5905, section 6) count them. */

/** They start again from 0 after so many, first in 2036. */
export const ERA = 2 ** 32;
/** Seconds from 1900-01-01 to 1970-01-01. */
const TO_1970 = 2_208_988_800;

/** Of a moment in microseconds since 1970. */
export function secondsSince1900(microseconds: number): number {
  const seconds = Math.floor(microseconds / 1e6) + TO_1970;
  return ((seconds % ERA) + ERA) % ERA;
}

/** The answer of RFC 868: four bytes. */
export function secondsAnswer(microseconds: number): Buffer {
  const answer = Buffer.alloc(4);
  answer.writeUInt32BE(secondsSince1900(microseconds));
  return answer;
}
