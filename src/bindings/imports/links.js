// Links as objects.

/** A link as `parseLinkHeader` gives it; of parameters with the same name the first one counts (RFC 8288 §3). */
export function linkEntry(uri, rel, params) {
  const named = {};
  for (let index = 0; index < params.length; index += 2) {
    const name = params[index];
    // Defined, not assigned: a parameter may be called `__proto__`.
    if (!Object.hasOwn(named, name)) {
      Object.defineProperty(named, name, { value: params[index + 1], enumerable: true, configurable: true, writable: true });
    }
  }
  return { uri, rel: rel.split(" "), params: named };
}

/** The relations that paging knows, as they were given; a missing one is no property. */
export function pageLinks(first, prev, next, last) {
  const links = { first, prev, next, last };
  for (const name of Object.keys(links)) if (links[name] === undefined) delete links[name];
  return Object.freeze(links);
}
