// A loop without a library: six types at a time, one span after the other, and one page after the other by Link. It
// stores no positions, does not retry, and relies on offsets and on the bounds of spans, which a real server does not
// guarantee.

const TYPES = [
  "activities", "activities/summaries", "sleeps", "sleeps/summaries", "locations", "heart_rates", "heart_rate/summaries", "bmis",
  "body_fats", "heights", "weights", "blood_pressures", "blood_glucoses", "blood_oxygens", "food/meals", "genetic_traits",
];
const SPAN = 31 * 86_400_000;
const LANES = 6;

/** Returns a function that makes a run. */
export function prepare() {
  return run;
}

async function run({ url: baseUrl, since, now = Date.now(), types = TYPES }, onRecords = () => {}) {
  const headers = { accept: "application/json", authorization: `Basic ${btoa("demo-app-key:")}` };
  let records = 0;
  let requests = 0;

  async function walk(type) {
    for (let start = Date.parse(since); start < now; start += SPAN) {
      const query = `limit=500&updated_since=${basic(start)}&updated_before=${basic(Math.min(start + SPAN, now))}`;
      let url = new URL(`/v1/apps/demo-app/users/${type}?${query}`, baseUrl).href;
      while (url !== undefined) {
        const answer = await fetch(url, { headers });
        requests++;
        for (const record of await answer.json()) records += record.humanId.length > 0 ? 1 : 0;
        await onRecords(records);
        url = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
      }
    }
  }

  const waiting = [...types];
  const lane = async () => {
    for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) await walk(type);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { records, requests };
}

function basic(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}
