import { Keeper } from '../../../sdk/src/keeper.js';
import { Rest } from '../../../sdk/src/rest.js';
import type { SdkProtection } from '../plan/protections.js';

/** Of so many changes of messages one is forgotten, though its number is taken. */
const FORGOTTEN_EACH = 20;

/** Takes a protection away from all SDK clients. @returns what gives it back. */
const SABOTAGE: Readonly<Record<SdkProtection, () => () => void>> = {
  'every-change': () => {
    let changes = 0;
    return replaceMethod(Keeper, 'commit', (commit) => {
      return function (steps) {
        const isKept = (type: string) => !type.startsWith('message') || ++changes % FORGOTTEN_EACH !== 0;
        commit.call(
          this,
          steps.filter(({ type }) => isKept(type)),
        );
      };
    });
  },
  'client-id': () =>
    replaceMethod(Rest, 'ask', (ask) => {
      return function (this: Rest, ...[method, path, body]: Parameters<Rest['ask']>) {
        const isSend = method === 'POST' && path.endsWith('/message');
        return ask.call(this, method, path, isSend ? { ...(body as object), client_id: undefined } : body);
      };
    }),
};

export function sabotageSdk(protection: SdkProtection): () => void {
  return SABOTAGE[protection]();
}

type Method<T> = T extends (...args: infer Args) => infer Answer ? (...args: Args) => Answer : never;

function replaceMethod<Name extends string, T extends Record<Name, (...args: never[]) => unknown>>(
  { prototype }: { readonly prototype: T },
  name: Name,
  replace: (replaced: T[Name]) => (this: T, ...args: Parameters<T[Name]>) => ReturnType<Method<T[Name]>>,
): () => void {
  const replaced = prototype[name];
  Object.assign(prototype, { [name]: replace(replaced) });
  return () => {
    Object.assign(prototype, { [name]: replaced });
  };
}
