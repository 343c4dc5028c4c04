// The rules for samples, written from the API's documentation alone, independently of the library.

const FIELDS = ["device_name", "device_version", "start_date", "end_date", "unit", "value"];
const MOST = { count: 30_000, "count/min": 300, "count/s": Infinity };

/** What is wrong with a sample: `{ path, code }`, or undefined. */
export function problem(sample) {
  if (typeof sample !== "object" || sample === null || Array.isArray(sample)) return { path: "", code: "type" };
  const stray = Object.keys(sample).find((key) => !FIELDS.includes(key) && sample[key] !== undefined);
  if (stray !== undefined) return { path: `/${stray.replaceAll("~", "~0").replaceAll("/", "~1")}`, code: "unknown-field" };

  const wrong = (field, code) => ({ path: `/${field}`, code });
  const name = textProblem(sample.device_name);
  if (name) return wrong("device_name", name);
  const version = sample.device_version ?? undefined;
  if (version !== undefined && textProblem(version)) return wrong("device_version", textProblem(version));
  const start = instantProblem(sample.start_date);
  if (start) return wrong("start_date", start);
  if ((sample.end_date ?? undefined) !== undefined) {
    const end = instantProblem(sample.end_date);
    if (end) return wrong("end_date", end);
    if (nanosOf(sample.end_date) < nanosOf(sample.start_date)) return wrong("end_date", "end-before-start");
  }
  const unit = textProblem(sample.unit);
  if (unit) return wrong("unit", unit);
  if (!Object.hasOwn(MOST, sample.unit)) return wrong("unit", "unit");
  if (sample.value === undefined) return wrong("value", "missing");
  if (typeof sample.value !== "number" || !Number.isFinite(sample.value)) return wrong("value", "type");
  if (sample.value <= 0) return wrong("value", "not-positive");
  if (sample.value > MOST[sample.unit]) return wrong("value", "too-large");
  return undefined;
}

function textProblem(value) {
  if (value === undefined) return "missing";
  if (typeof value !== "string") return "type";
  return value === "" ? "empty" : undefined;
}

function instantProblem(value) {
  if (value === undefined) return "missing";
  if (value instanceof Date) return instantProblem(value.getTime());
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return "type";
    return value >= Date.UTC(0, 0, 1) - 1 && nanosOfMillis(value) !== undefined ? undefined : "timestamp";
  }
  if (typeof value !== "string") return "type";
  if (value === "") return "empty";
  return nanosOfText(value) === undefined ? "timestamp" : undefined;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})0*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

function nanosOfText(text) {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [, , , , , , , fraction = "", sign, offsetHour = "0", offsetMinute = "0"] = match;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === "-" ? -1 : 1);
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset * 60;
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function nanosOfMillis(millis) {
  return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15 ? BigInt(Math.round(millis * 1e6)) : undefined;
}

/** Nanoseconds since 1970 of a valid date. */
export function nanosOf(instant) {
  if (typeof instant === "string") return nanosOfText(instant);
  return nanosOfMillis(Number(instant));
}

/** Equal for the same sample, and for no other. */
export function identityOf({ device_name, device_version, start_date, end_date, unit, value }) {
  const end = (end_date ?? undefined) === undefined ? null : String(nanosOf(end_date));
  return JSON.stringify([device_name, device_version ?? null, String(nanosOf(start_date)), end, unit, value]);
}

/** A valid sample as it must be in a body: its fields in the API's order, without those that have no value. */
export function asSent(sample) {
  const instant = (value) =>
    typeof value === "string" ? value.replace(/[t ]/, "T").replace("z", "Z") : new Date(value).toISOString();
  const sent = { ...sample, start_date: instant(sample.start_date) };
  if ((sample.end_date ?? undefined) !== undefined) sent.end_date = instant(sample.end_date);
  return Object.fromEntries(
    FIELDS.filter((field) => (sent[field] ?? undefined) !== undefined).map((field) => [field, sent[field]]),
  );
}

/** By trial: the sizes of as few batches of 3 to `most` samples as possible, and how many are left over. */
export function sizesOf(count, most) {
  for (let left = 0; left <= count; left++) {
    const sent = count - left;
    for (let batches = Math.ceil(sent / most); batches * 3 <= sent; batches++) {
      if (batches * most < sent) continue;
      const sizes = Array(batches).fill(3);
      let rest = sent - 3 * batches;
      for (let index = 0; rest > 0; index++) {
        const more = Math.min(rest, most - 3);
        sizes[index] += more;
        rest -= more;
      }
      return [sizes, left];
    }
    if (sent === 0) return [[], left];
  }
}

/** The expected result of an upload with an empty store. */
export function expected(source, batchSize = 1000) {
  const rejected = [];
  const seen = new Set();
  const good = [];
  let duplicates = 0;
  for (const [index, sample] of source.entries()) {
    const wrong = problem(sample);
    if (wrong) rejected.push({ index, ...wrong });
    else if (seen.has(identityOf(sample))) duplicates++;
    else {
      seen.add(identityOf(sample));
      good.push({ sample, at: nanosOf(sample.start_date), index });
    }
  }
  good.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.index - other.index));
  const [sizes, left] = sizesOf(good.length, batchSize);
  let begin = 0;
  const batches = sizes.map((size) => good.slice(begin, (begin += size)).map(({ sample }) => asSent(sample)));
  return { read: source.length, rejected, duplicates, batches, sent: good.length - left, held: left };
}
