import type { paths } from './generated/wire.js';
import type { Method } from './rest.js';

type Operations<M extends Method> = {
  [P in keyof paths as paths[P] extends Record<Lowercase<M>, object> ? P : never]: paths[P] extends Record<
    Lowercase<M>,
    infer Operation
  >
    ? Operation
    : never;
};

/** The paths of the API that take the method, as openapi.json has them, such as `/chat/{chat_id}/read`. */
export type PathOf<M extends Method> = keyof Operations<M> & string;

/** undefined where all that stands in the value may be left out. */
type NothingNeeded<Value> = object extends Value ? undefined : never;

type Part<Name extends string, Value> = [Value] extends [never]
  ? unknown
  : undefined extends Value | NothingNeeded<Value>
    ? Readonly<Partial<Record<Name, Exclude<Value, undefined>>>>
    : Readonly<Record<Name, Value>>;

type BodyOf<Operation> = Operation extends { readonly requestBody: infer Body } ? Json<Body> : never;

type Json<Body> = Body extends { readonly content: { readonly 'application/json': infer Content } } ? Content : never;

type Parameter<Operation, Name extends 'path' | 'query'> = Operation extends {
  readonly parameters: Readonly<Partial<Record<Name, infer Value>>>;
}
  ? [Exclude<Value, undefined>] extends [never]
    ? never
    : Value
  : never;

/** What a request has: the variable parts of its `path`, its `query`, its `body`. */
export type Given<M extends Method, P extends PathOf<M>> = Part<'path', Parameter<Operations<M>[P], 'path'>> &
  Part<'query', Parameter<Operations<M>[P], 'query'>> &
  Part<'body', BodyOf<Operations<M>[P]>>;

export type Answer<M extends Method, P extends PathOf<M>> = Operations<M>[P] extends {
  readonly responses: { readonly 200: infer Answered };
}
  ? Json<Answered>
  : never;

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

interface Parts {
  readonly path?: Values;
  readonly query?: Values;
}

/** The address of a request, with everything that it is given. */
export function addressOf(path: string, { path: parts = {}, query = {} }: Parts): string {
  const filled = path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  return asked ? `${filled}?${asked}` : filled;
}
