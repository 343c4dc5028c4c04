// What stands between users and the classes that wasm-bindgen makes: every method and getter checks what it is called
// on, and the address in the WebAssembly memory is kept where no property shows it.
//
// The memory behind an object is freed by the FinalizationRegistry of the glue, and by nothing else: an object that can
// be freed by hand can be used after it.

import { OptionError } from "./core/errors.js";

/** The glue's own property: the address of the Rust value. */
const POINTER = "__wbg_ptr";
/** The glue's ways to give the memory back. */
const FREEING = ["free", "__destroy_into_raw", Symbol.dispose].filter((key) => key !== undefined);
/** Methods that answer with a promise, and so report even a wrong receiver through it. */
const PROMISING = new Set(["first", "get", "latest", "next", "profile", "raw", "reading", "sources", "summary", "toArray"]);

/**
 * Replaces the methods of a class of the glue by guarded ones. With `prototype`, they are put there instead: for a class
 * whose instances are made with `new`.
 */
export function guard(name, glue, prototype = glue.prototype) {
  const addresses = new WeakMap();
  const resources = new WeakMap();

  /** An error where `receiver` is not a live object of this class, else undefined. */
  function refusal(receiver, key) {
    if (addresses.has(receiver) && !Object.hasOwn(receiver, POINTER)) return undefined;
    return new OptionError("this", `${name}.${String(key)} was called on something that is not a ${name}: call it as a method of one`);
  }

  for (const key of FREEING) delete glue.prototype[key];
  for (const key of Reflect.ownKeys(glue.prototype)) {
    if (key === "constructor") continue;
    const { value: method, get } = Object.getOwnPropertyDescriptor(glue.prototype, key);
    if (typeof method === "function") {
      define(prototype, key, { value: guardedMethod(key, method, refusal), writable: true });
    } else if (get !== undefined) {
      define(prototype, key, { get: guardedGetter(key, get, refusal, resources) });
    }
  }

  // The glue writes the address as a property of the new object: this takes it away, and out of inspect and JSON.
  define(prototype, POINTER, {
    get() {
      return addresses.get(this);
    },
    set(address) {
      if (!addresses.has(this)) addresses.set(this, address);
    },
  });
  define(prototype, Symbol.toStringTag, { value: name });
  if (prototype === glue.prototype) define(prototype, "constructor", { value: unconstructable(prototype, name) });
  // Minifiers rename classes.
  define(prototype.constructor, "name", { value: name });
}

function guardedMethod(key, method, refusal) {
  const promises = PROMISING.has(key);
  // A method of an object literal has the right name, and cannot be called with `new`.
  return {
    [key](...given) {
      const error = refusal(this, key);
      if (error === undefined) return Reflect.apply(method, this, given);
      if (promises) return Promise.reject(error);
      throw error;
    },
  }[key];
}

/** Each getter gives the same resource every time, so that `client.activities === client.activities`. */
function guardedGetter(key, get, refusal, resources) {
  return function () {
    const error = refusal(this, key);
    if (error !== undefined) throw error;
    const known = resources.get(this) ?? resources.set(this, new Map()).get(this);
    if (!known.has(key)) known.set(key, Reflect.apply(get, this, []));
    return known.get(key);
  };
}

/** Carries the class's name for console.log; the real one could make an object out of any address. */
function unconstructable(prototype, name) {
  const constructor = function () {
    throw new TypeError(`A ${name} is not made with new: it comes from a HumanClient`);
  };
  constructor.prototype = prototype;
  return constructor;
}

function define(object, key, descriptor) {
  Object.defineProperty(object, key, { configurable: true, enumerable: false, ...descriptor });
}
