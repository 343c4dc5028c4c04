// How the package's classes are made: methods and properties over something inside that no user can reach.
//
// What is inside are objects of the WebAssembly. Their memory is freed by the FinalizationRegistry of the glue and by
// nothing else: what can be freed by hand can be used after it. So none of them, and no method of theirs, is ever seen.

import { HumansyncError, OptionError } from "./core/errors.js";

/**
 * Makes a class called `name`, and gives the function that makes its objects: `make(inside)`, or `make(inside, object)`
 * for an object that is there already. `promising` methods reject whatever is wrong, `plain` ones throw, and `parts` are
 * properties that are the same object every time. All of them get what is inside first.
 */
export function define(name, { promising = {}, plain = {}, parts = {} }, prototype = {}) {
  const insides = new WeakMap();
  const made = new WeakMap();

  function insideOf(receiver, key) {
    const inside = insides.get(receiver);
    if (inside !== undefined) return inside;
    throw new OptionError(
      "this",
      `${name}.${String(key)} was called on something that is not a ${name}: call it as a method of one (a Proxy of one, as reactive frameworks make it, is none)`,
    );
  }

  for (const [key, method] of entries(promising)) {
    put(prototype, key, {
      // A method of an object literal has the right name, and cannot be called with `new`.
      value: {
        async [key](...given) {
          try {
            return await method(insideOf(this, key), ...given);
          } catch (error) {
            throw located(error, located);
          }
        },
      }[key],
      writable: true,
    });
  }
  for (const [key, method] of entries(plain)) {
    const value = {
      [key](...given) {
        try {
          return method(insideOf(this, key), ...given);
        } catch (error) {
          throw located(error, value);
        }
      },
    }[key];
    put(prototype, key, { value, writable: true });
  }
  for (const [key, part] of entries(parts)) {
    put(prototype, key, {
      get() {
        const inside = insideOf(this, key);
        const known = made.get(this) ?? made.set(this, new Map()).get(this);
        if (!known.has(key)) known.set(key, part(inside));
        return known.get(key);
      },
    });
  }
  put(prototype, Symbol.toStringTag, { value: name });
  if (!Object.hasOwn(prototype, "constructor")) put(prototype, "constructor", { value: unconstructable(name, prototype) });

  return (inside, object = Object.create(prototype)) => {
    insides.set(object, inside);
    return object;
  };
}

const close = (client) => client.close();

/** How a client ends. */
export const ends = { close };
// Older engines do not know `using`.
if (Symbol.dispose !== undefined) ends[Symbol.dispose] = close;

/** The stack of an error made in the WebAssembly shows its insides; this one shows who called. */
export function located(error, above) {
  if (error instanceof HumansyncError) Error.captureStackTrace?.(error, above);
  return error;
}

/** Carries the class's name for console.log. */
function unconstructable(name, prototype) {
  const constructor = function () {
    throw new TypeError(`A ${name} is not made with new: it comes from a client`);
  };
  put(constructor, "name", { value: name });
  constructor.prototype = prototype;
  return constructor;
}

function entries(object) {
  return Reflect.ownKeys(object).map((key) => [key, object[key]]);
}

function put(object, key, descriptor) {
  Object.defineProperty(object, key, { configurable: true, enumerable: false, ...descriptor });
}
