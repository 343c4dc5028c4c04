// A `fetch` whose server is in this process: a list of any length, whose pages are made when they are asked for, so that
// nothing is kept for them.

/** A record with 24 digits in place of its id, in two texts. */
const [BEFORE, AFTER] = JSON.stringify({
  id: "#",
  humanId: "4b47adaa0556631ef72d14be006522db",
  source: "fitbit",
  createdAt: "2025-06-30T07:02:35.941Z",
  updatedAt: "2025-06-30T07:02:35.941Z",
  tzOffset: "-05:00",
  startTime: "2025-06-30T01:33:34.000Z",
  endTime: "2025-06-30T01:49:52.000Z",
  type: "walking",
  duration: 978,
  distance: 1339,
  steps: 1810,
  calories: 68,
}).split("#");

/** A `fetch` that answers for a list of so many records. */
export function pagesOf(records) {
  return async (input) => {
    const url = new URL(typeof input === "string" ? input : (input.url ?? input));
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const texts = [];
    for (let index = offset; index < Math.min(offset + limit, records); index++) texts.push(`${BEFORE}${String(index).padStart(24, "0")}${AFTER}`);
    const headers = { "content-type": "application/json; charset=utf-8", "x-total-count": String(records) };
    if (offset + limit < records) {
      url.searchParams.set("offset", String(offset + limit));
      headers.link = `<${url.href}>; rel="next"`;
    }
    return new Response(`[${texts.join(",")}]`, { headers });
  };
}
