/** A LabError keeps its code, place and hint on its way from the owner to the command. */
import { Overloaded } from '../agent/protocol.ts';
import { LabError, type LabErrorCode, type Where } from '../errors.ts';

type Calls = Record<string, (request: never) => Promise<unknown>>;

interface Trouble {
  code: LabErrorCode | 'overloaded';
  message: string;
  where?: Where | undefined;
  hint?: string | undefined;
}

export type Answer<T> = { value: T } | { trouble: Trouble };

/** The calls as they travel: each returns its value, or the error that a user can fix. Any other thrown error is a bug. */
export type Answering<T> = {
  [Name in keyof T]: T[Name] extends (...request: infer Request) => Promise<infer Value>
    ? (...request: Request) => Promise<Answer<Value>>
    : T[Name];
};

export function answering<T extends object>(calls: T): Answering<T> {
  const wrapped = Object.entries(calls as Calls).map(([name, call]) => [
    name,
    async (request: never): Promise<Answer<unknown>> => {
      try {
        return { value: await call(request) };
      } catch (error) {
        if (error instanceof Overloaded) return { trouble: { code: 'overloaded', message: error.message } };
        if (!(error instanceof LabError)) throw error;
        const { code, message, where, hint } = error;
        return { trouble: { code, message, where, hint } };
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Answering<T>;
}

/** The other side of `answering`: the same calls again, which return or throw. */
export function asking<T extends object>(remote: object): T {
  const get = (_: object, name: string | symbol) => {
    if (typeof name !== 'string' || name === 'then') return undefined;
    return async (request: never) => {
      const call = (remote as Record<string, (request: never) => Promise<Answer<unknown>>>)[name]!;
      return opened(await call(request));
    };
  };
  return new Proxy({}, { get }) as T;
}

function opened<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  const { code, message, where, hint } = answer.trouble;
  if (code === 'overloaded') throw new Overloaded(message);
  throw new LabError(code, message, { where, hint });
}
