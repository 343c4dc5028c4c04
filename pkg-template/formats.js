// The formats on their own, over those of a WebAssembly.

export function formats(inner, requireLoaded) {
  return {
    queryString(query) {
      requireLoaded("queryString");
      return inner.queryString(query);
    },
    parseLinkHeader(value, base) {
      requireLoaded("parseLinkHeader");
      return inner.parseLinkHeader(value, base);
    },
    parseRetryAfter(value, now) {
      requireLoaded("parseRetryAfter");
      return inner.parseRetryAfter(value, now);
    },
  };
}
