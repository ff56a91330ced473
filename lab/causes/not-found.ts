/** The web server answered, and has nothing at the path that was asked for. RFC 9110 section 15.5.5. */
import type { Cause } from './cause.ts';

const NOT_FOUND = 404;

export const notFound: Cause = {
  word: 'not-found',
  async find({ there, symptom, outcome: { http } }) {
    if (!there || symptom !== 'status' || http?.status !== NOT_FOUND) return undefined;
    return `${NOT_FOUND} from ${there.name}: it has no ${http.path}`;
  },
};
