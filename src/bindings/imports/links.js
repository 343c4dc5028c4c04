// Links as objects.

/**
 * A link as `parseLinkHeader` gives it; of parameters with the same name the first one counts (RFC 8288 §3).
 *
 * @param {string} uri
 * @param {string} rel
 * @param {string[]} params names and values in turn
 */
export function linkEntry(uri, rel, params) {
  /** @type {Record<string, string>} */
  const named = {};
  for (let index = 0; index < params.length; index += 2) {
    const name = String(params[index]);
    // Defined, not assigned: a parameter may be called `__proto__`.
    if (!Object.hasOwn(named, name)) {
      Object.defineProperty(named, name, { value: params[index + 1], enumerable: true, configurable: true, writable: true });
    }
  }
  return { uri, rel: rel.split(" "), params: named };
}

/**
 * The relations that paging knows, as they were given; a missing one is no property.
 *
 * @param {string | undefined} first
 * @param {string | undefined} prev
 * @param {string | undefined} next
 * @param {string | undefined} last
 */
export function pageLinks(first, prev, next, last) {
  /** @type {Record<string, string | undefined>} */
  const links = { first, prev, next, last };
  for (const name of Object.keys(links)) if (links[name] === undefined) delete links[name];
  return Object.freeze(links);
}
