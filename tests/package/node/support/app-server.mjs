// An in-memory server of the API for apps: lists sorted by update, newest first, and a clock that a test sets. It
// records every request that breaks the API's rules.

import { answering, json, paged, refusal } from "./answers.mjs";

const LONGEST = 31 * 86_400_000;

/** A server with `lists`, which maps types to records; `now` is in milliseconds. */
export function appServer({ lists = {}, now = Date.parse("2024-06-01T12:00:00Z"), hidden = false } = {}) {
  const server = {
    lists,
    now,
    broken: [],
    spans: [],
    /** Where a test sets this function, it answers instead. */
    instead: undefined,
  };
  server.fetch = answering(async (url, request, index) => {
    const type = url.pathname.split("/users/")[1];
    const other = await server.instead?.(type, url, index);
    if (other !== undefined) return other;
    const since = instant(url.searchParams.get("updated_since"));
    const before = instant(url.searchParams.get("updated_before"));
    if (!(before - since <= LONGEST)) {
      server.broken.push(url.search);
      return refusal(400);
    }
    server.spans.push({ type, since, before });
    const inside = (lists[type] ?? []).filter(({ updatedAt }) => Date.parse(updatedAt) >= since && Date.parse(updatedAt) < before);
    inside.sort((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt));
    return dated(paged(inside)(url));
  });
  function dated(response) {
    if (!hidden) response.headers.set("date", new Date(server.now).toUTCString());
    return response;
  }
  return server;
}

function instant(text) {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "") ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** `count` records, the newest updated at `last` and the others `every` milliseconds apart before it. */
export function updated(count, last, every, first = 0) {
  return Array.from({ length: count }, (_, index) => ({
    id: (first + index).toString(16).padStart(24, "0"),
    humanId: `human-${index % 3}`,
    updatedAt: new Date(Date.parse(last) - index * every).toISOString(),
  }));
}
