/** The server of NTP answered with a kiss-o'-death in place of the time. RFC 5905 section 7.4. */
import type { Cause } from './cause.ts';

export const kissed: Cause = {
  word: 'kissed',
  saysRefusal: true,
  async find({ here, there, outcome: { failure } }) {
    if (!there || failure?.syscall !== 'ntp' || failure.kind !== 'refused' || !failure.came) return undefined;
    if (failure.errno === 'RATE') {
      return `${there.name} sent a kiss-o'-death, RATE: ${here.name} asks it more often than it allows`;
    }
    return `${there.name} sent a kiss-o'-death, ${failure.errno}: it gives ${here.name} no time`;
  },
};
