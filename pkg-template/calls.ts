// How calls of the package's objects reach what is inside of them, which no user can.
//
// What is inside are objects of the WebAssembly. Their memory is freed by the FinalizationRegistry of the glue and by
// nothing else: what can be freed by hand can be used after it. So none of them, and no method of theirs, is ever seen.

import { HumansyncError, optionError } from "./core/errors.js";

/** What constructors take first that are not for users. */
export const INTERNAL = Symbol("humansync");

/** The calls of one class: what is wrong with them is told in one way, with a stack that begins at who called. */
export class Calls<Self extends object, Inside> {
  readonly #kind: { readonly prototype: Self };
  readonly #name: string;
  readonly #read: (self: Self) => Inside;

  /** `name` is written out, for bundlers rename classes; `read` gives a private field. */
  constructor(kind: { readonly prototype: Self }, name: string, read: (self: Self) => Inside) {
    this.#kind = kind;
    this.#name = name;
    this.#read = read;
    Object.defineProperty(kind, "name", { value: name, configurable: true });
    // For console.log.
    Object.defineProperty(kind.prototype, Symbol.toStringTag, { value: name, configurable: true });
  }

  /** What is `inside` of a new object, which only this package makes. */
  constructed(by: symbol, inside: Inside): Inside {
    if (by !== INTERNAL) throw new TypeError(`A ${this.#name} is not made with new: it comes from a client`);
    return inside;
  }

  /** What is inside of `self`, of which the member `key` is asked for. */
  inside(self: Self, key: keyof Self): Inside {
    try {
      return this.#read(self);
    } catch {
      throw optionError(
        "this",
        `${this.#name}.${String(key)} was called on something that is not a ${this.#name}: call it as a method of one (a Proxy of one, as reactive frameworks make it, is none)`,
      );
    }
  }

  /** A call that gives a promise: whatever is wrong rejects it. */
  async promise<Answer>(self: Self, key: keyof Self, call: (inside: Inside) => Promise<Answer>): Promise<Answer> {
    try {
      return await call(this.inside(self, key));
    } catch (error) {
      throw located(error, this.promise);
    }
  }

  /** A call that answers at once: whatever is wrong is thrown. */
  direct<Answer>(self: Self, key: keyof Self, call: (inside: Inside) => Answer): Answer {
    try {
      return call(this.inside(self, key));
    } catch (error) {
      throw located(error, this.#kind.prototype[key]);
    }
  }
}

/** What `make` makes for the constructor `by`. */
export function constructing<Core>(by: unknown, make: () => Core): Core {
  try {
    return make();
  } catch (error) {
    throw located(error, by);
  }
}

/** The stack of an error made in the WebAssembly shows its insides; this one shows who called `above`. */
export function located(error: unknown, above: unknown): unknown {
  if (error instanceof HumansyncError) Error.captureStackTrace?.(error, above as VoidFunction);
  return error;
}

/** Has `using` end a client as `close` does. Older engines do not know it. */
export function disposable({ prototype }: { readonly prototype: { close(): void } }): void {
  if (Symbol.dispose === undefined) return;
  Object.defineProperty(prototype, Symbol.dispose, { value: prototype.close, configurable: true, writable: true });
}
