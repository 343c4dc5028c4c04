// The modules of the web app that need no page: the data of pictures, downloads, and the page's words.

import assert from "node:assert/strict";
import { File } from "node:buffer";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { random } from "../package/upload/support/samples.mjs";

const SOURCES = join(import.meta.dirname, "../../examples/web/src");
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const ROUNDS = 200;

/** Replaces `navigator.onLine`, because Node 20 has no navigator. */
let isOnline = true;
Object.defineProperty(globalThis, "navigator", { value: { get onLine() { return isOnline; } }, configurable: true });

/** Loads a module of the page with everything that it imports. */
async function load(path) {
  const options = { bundle: true, format: "esm", platform: "browser", write: false, logLevel: "silent" };
  const { outputFiles } = await build({ entryPoints: [join(SOURCES, path)], ...options });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** Random numbers and choices from a seed. */
function dice(seed) {
  const next = random(seed);
  const whole = (from, to) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    one: (list) => list[whole(0, list.length - 1)],
    list: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
  };
}

const two = (value) => String(value).padStart(2, "0");
function isNear(actual, wanted, what) {
  assert.ok(Math.abs(actual - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted)), `${what}: ${actual}, and not ${wanted}`);
}

describe("time", async () => {
  const { DAY: theirs, dayOf, startOfDay, wall, wallOfDay } = await load("explore/time.ts");

  test("wall-clock times are those that the wearer saw", () => {
    const { whole, one } = dice(1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const seen = Date.UTC(whole(1990, 2040), whole(0, 11), whole(1, 28), whole(0, 23), whole(0, 59), whole(0, 59), whole(0, 999));
      const [sign, hours, minutes] = [one(["+", "-"]), whole(0, 14), one([0, 30, 45])];
      const ahead = (sign === "+" ? 1 : -1) * (hours * HOUR + minutes * MINUTE);
      const tzOffset = `${sign}${two(hours)}:${two(minutes)}`;
      assert.equal(wall(new Date(seen - ahead).toISOString(), tzOffset), seen, tzOffset);
      // The time itself may be written with any offset.
      const written = `${new Date(seen).toISOString().slice(0, -1)}${tzOffset}`;
      assert.equal(wall(written, tzOffset), seen, written);
    }
  });

  test("times without a valid offset are in UTC", () => {
    for (const odd of [undefined, "", "Z", "Europe/Berlin", "+2", " +02:00", "+02:00:00"]) {
      assert.equal(wall("2015-08-30T22:04:01.355Z", odd), Date.UTC(2015, 7, 30, 22, 4, 1, 355), odd);
    }
    assert.ok(Number.isNaN(wall("yesterday", "+01:00")));
  });

  test("days agree with the calendar", () => {
    assert.equal(theirs, DAY);
    const lengths = (year) => [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    // 1970 began at 0. The days are counted from there without the use of Date.
    let at = 0;
    for (let year = 1970; year <= 2040; year += 1) {
      for (const [month, length] of lengths(year).entries()) {
        for (let day = 1; day <= length; day += 1, at += DAY) {
          const date = `${year}-${two(month + 1)}-${two(day)}`;
          assert.equal(wallOfDay(date), at, date);
          for (const within of [0, 1, 13 * HOUR, DAY - 1]) {
            assert.equal(dayOf(at + within), date);
            assert.equal(startOfDay(at + within), at);
          }
        }
      }
    }
    assert.equal(startOfDay(-1), -DAY);
    assert.equal(dayOf(-1), "1969-12-31");
    assert.ok(Number.isNaN(wallOfDay("2025-02-30T10")));
  });
});

describe("series", async () => {
  const { gathered, lengthFor, points, spread, sums } = await load("explore/charts/series.ts");

  /** Times with values in random order, some of them invalid. */
  function readings({ whole, one, next }, count, { from = Date.UTC(2025, 0, 1), days = 30, broken = 0.1 } = {}) {
    const odd = () => next() < broken;
    return Array.from({ length: count }, () => ({
      at: odd() ? one([NaN, Infinity, undefined]) : from + whole(0, days * DAY),
      value: odd() ? one([NaN, undefined, -Infinity]) : whole(40, 180),
    }));
  }
  const good = (list) => list.filter(({ at, value }) => typeof at === "number" && typeof value === "number" && at - at === 0 && value - value === 0);

  test("points are sorted, each with its own value, and invalid ones are left out", () => {
    const seed = dice(2);
    for (let round = 0; round < ROUNDS; round += 1) {
      const list = readings(seed, seed.whole(0, 60), { days: 0.00002 });
      const { times, values } = points(list, ({ at }) => at, ({ value }) => value);
      const wanted = [];
      // Each is inserted after all that are not later, so that equal times keep their order.
      for (const one of good(list)) {
        let place = wanted.length;
        while (place > 0 && wanted[place - 1].at > one.at) place -= 1;
        wanted.splice(place, 0, one);
      }
      assert.deepEqual([...times], wanted.map(({ at }) => at));
      assert.deepEqual([...values], wanted.map(({ value }) => value));
    }
  });

  test("a day's sum has every value of this day, and missing values add nothing", () => {
    const { whole, one, next } = dice(3);
    for (let round = 0; round < ROUNDS; round += 1) {
      const list = Array.from({ length: whole(0, 50) }, () => ({
        day: next() < 0.1 ? NaN : whole(-3, 6) * DAY,
        first: next() < 0.2 ? one([undefined, NaN]) : whole(0, 9000),
        second: whole(0, 90),
      }));
      const made = sums(list, ({ day }) => day, [({ first }) => first, ({ second }) => second]);
      const known = list.filter(({ day }) => !Number.isNaN(day));
      const days = [...new Set(known.map(({ day }) => day))].sort((before, after) => before - after);
      assert.deepEqual(made.days, days);
      const total = (field) => days.map((at) => known.filter(({ day }) => day === at).reduce((sum, record) => sum + (record[field] || 0), 0));
      assert.deepEqual(made.sums, [total("first"), total("second")]);
    }
    assert.deepEqual(sums([], () => 0, [() => 1]), { days: [], sums: [[]] });
  });

  test("the length of intervals is the shortest of the easily readable ones", () => {
    const EASY = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map((minutes) => minutes * MINUTE);
    const { whole, next } = dice(4);
    for (let round = 0; round < ROUNDS * 10; round += 1) {
      const from = whole(0, 1e12);
      const span = Math.ceil(10 ** (next() * 8 + 4));
      const count = whole(1, 900);
      const length = lengthFor(from, from + span, count);
      assert.ok(span / length <= count, `${span} ms in stretches of ${length}: more than ${count}`);
      const shorter = length <= EASY.at(-1) ? EASY.filter((one) => one < length).at(-1) : length - DAY;
      if (length <= EASY.at(-1)) assert.ok(EASY.includes(length), `${length}`);
      else assert.equal(length % DAY, 0);
      if (shorter !== undefined && shorter > 0) assert.ok(span / shorter > count, `${span} ms: ${shorter} would have done`);
    }
    assert.equal(lengthFor(5, 5, 100), MINUTE);
    // Exactly the allowed number of intervals.
    assert.equal(lengthFor(0, 70 * MINUTE, 7), 10 * MINUTE);
    assert.equal(lengthFor(0, 70 * MINUTE + 1, 7), 15 * MINUTE);
  });

  test("a spread has the minimum, the mean and the maximum of each interval", () => {
    const seed = dice(5);
    for (let round = 0; round < ROUNDS; round += 1) {
      const list = readings(seed, seed.whole(0, 400), { days: seed.one([0.1, 3, 90]), broken: 0 });
      const sorted = points(list, ({ at }) => at, ({ value }) => value);
      const begin = Date.UTC(2025, 0, 1);
      const from = begin + seed.whole(-2, 40) * HOUR;
      const to = from + seed.whole(1, 800) * HOUR;
      const count = seed.one([0.3, 1, 7, 60, 400]);
      const made = spread(sorted, from, to, count);
      const length = lengthFor(from, to, Math.max(1, count));
      assert.ok(made.times.every((time, index) => index === 0 || time > made.times[index - 1]), "times ascend");
      assert.deepEqual([made.least, made.mean, made.most].map(({ length }) => length), [made.times.length, made.times.length, made.times.length]);

      const buckets = new Map();
      for (const { at, value } of list) {
        const start = Math.floor(at / length) * length;
        buckets.set(start, [...(buckets.get(start) ?? []), value]);
      }
      const seen = new Map();
      for (const [index, time] of made.times.entries()) if (made.mean[index] !== null) seen.set(time - length / 2, index);
      for (const [start, values] of buckets) {
        // Intervals outside the view may be left out, but none inside it.
        if (start + length <= from || start > to) continue;
        const index = seen.get(start);
        assert.notEqual(index, undefined, `the stretch from ${new Date(start).toISOString()} is missing`);
        assert.equal(made.least[index], Math.min(...values));
        assert.equal(made.most[index], Math.max(...values));
        isNear(made.mean[index], values.reduce((sum, value) => sum + value, 0) / values.length, "mean");
      }
      for (const start of seen.keys()) assert.ok(buckets.has(start), "a stretch without readings");
    }
  });

  test("a line is interrupted in long gaps, and only there", () => {
    const { whole, one, next } = dice(6);
    let [breaks, lines] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const times = [Date.UTC(2025, 0, 1)];
      while (times.length < 40) times.push(times.at(-1) + (next() < 0.2 ? whole(1, 200) * HOUR : whole(1, 90) * MINUTE));
      const list = { times: Float64Array.from(times), values: Float64Array.from(times, () => 60) };
      const count = one([5, 40, 300, 2000]);
      const length = lengthFor(times[0], times.at(-1), count);
      const made = spread(list, times[0], times.at(-1), count);
      const starts = [...new Set(times.map((time) => Math.floor(time / length)))].map((number) => number * length);
      for (const [index, start] of starts.entries()) {
        if (index === 0) continue;
        const empty = start - (starts[index - 1] + length);
        const [left, right] = [starts[index - 1] + length / 2, start + length / 2];
        const isBreak = (at) => [made.mean, made.least, made.most].every((values) => values[at] === null);
        const nothing = made.times.filter((time, at) => time > left && time < right && isBreak(at)).length;
        if (empty >= Math.max(DAY, 2 * length)) {
          assert.equal(nothing, 1, `${empty / HOUR} h without a reading, in stretches of ${length / HOUR} h`);
          breaks += 1;
        } else if (empty <= DAY / 2) {
          assert.equal(nothing, 0, `${empty / HOUR} h without a reading, in stretches of ${length / HOUR} h`);
          lines += 1;
        }
      }
    }
    assert.ok(breaks > 100 && lines > 100, `${breaks} gaps, ${lines} lines`);
  });

  test("without records there are no points", () => {
    const none = points([], () => 0, () => 0);
    assert.deepEqual(spread(none, 0, DAY, 100), { times: [], least: [], mean: [], most: [] });
    assert.deepEqual(gathered([]), []);
    const one = spread({ times: Float64Array.of(90_000), values: Float64Array.of(7) }, 90_000, 90_000, 100);
    assert.deepEqual(one, { times: [90_000], least: [7], mean: [7], most: [7] });
  });

  test("stays are grouped by name and place, the longest first", () => {
    const { whole, one, next } = dice(7);
    for (let round = 0; round < ROUNDS; round += 1) {
      const names = ["Home", "Gym", "Café"];
      // Centres are a tenth of a degree apart, so that they are never the same place.
      const centres = Array.from({ length: whole(1, 12) }, (_, index) => ({ name: one(names), lat: 50 + index * 0.1, lon: 8 - index * 0.1, of: [] }));
      const stays = Array.from({ length: whole(0, 80) }, () => {
        const centre = one(centres);
        const [lat, lon] = [centre.lat + next() * 0.004, centre.lon - next() * 0.004];
        const stay = { name: centre.name, lat, lon, hours: next() < 0.1 ? NaN : whole(1, 4000) / 4 };
        centre.of.push(stay);
        return stay;
      });
      const lost = [{ name: "Home", lat: NaN, lon: 8, hours: 5 }, { name: "Gym", lat: 50, lon: undefined, hours: 5 }];
      const places = gathered([...stays, ...lost]);
      const wanted = centres.filter(({ of }) => of.length > 0);
      assert.equal(places.length, wanted.length);
      assert.ok(places.every(({ hours }, index) => index === 0 || hours <= places[index - 1].hours), "the longest first");
      for (const { name, lat, lon, of } of wanted) {
        const found = places.filter((place) => place.name === name && Math.abs(place.lat - lat) < 0.01 && Math.abs(place.lon - lon) < 0.01);
        assert.equal(found.length, 1);
        assert.equal(found[0].stays, of.length);
        const mean = (field) => of.reduce((sum, stay) => sum + stay[field], 0) / of.length;
        isNear(found[0].lat, mean("lat"), "latitude");
        isNear(found[0].lon, mean("lon"), "longitude");
        isNear(found[0].hours, of.reduce((sum, { hours }) => sum + (hours || 0), 0), "hours");
      }
    }
  });
});

describe("download", async () => {
  const { csv, ndjson } = await load("explore/download.ts");

  /** A strict parser of RFC 4180, which returns rows of cells. */
  function readCsv(text) {
    const rows = [];
    let row = [];
    let at = 0;
    while (at < text.length) {
      let cell = "";
      if (text[at] === '"') {
        for (at += 1; ; at += 1) {
          if (at >= text.length) throw new Error("a quote is not closed");
          if (text[at] === '"' && text[at + 1] === '"') at += 1;
          else if (text[at] === '"') break;
          cell += text[at];
        }
        at += 1;
      } else {
        for (; at < text.length && text[at] !== "," && text[at] !== "\r"; at += 1) {
          if (text[at] === '"' || text[at] === "\n") throw new Error(`${JSON.stringify(text[at])} in a cell without quotes`);
          cell += text[at];
        }
      }
      row.push(cell);
      if (text[at] === ",") {
        at += 1;
        if (at === text.length) throw new Error("the last row has no end");
      } else if (text.startsWith("\r\n", at)) {
        rows.push(row);
        row = [];
        at += 2;
      } else throw new Error(`after a cell comes ${JSON.stringify(text.slice(at, at + 2))}`);
    }
    assert.deepEqual(row, [], "the last row has an end");
    return rows;
  }

  const PIECES = ["a", "ß", "😀", '"', '""', ",", "\n", "\r\n", "\r", ";", " ", "=1+1", "\u2028", "\t", "0"];
  function recordsOf(seed, count) {
    const { whole, one, next } = seed;
    const text = () => Array.from({ length: whole(0, 6) }, () => one(PIECES)).join("");
    const plain = () => one([text, text, () => whole(-1000, 1000) / 8, () => next() < 0.5, () => null])();
    return Array.from({ length: count }, () => {
      const record = { id: text() };
      for (const name of ["value", "unit", 'a "name"', "with,comma", "zoë"]) if (next() < 0.7) record[name] = plain();
      if (next() < 0.5) record.list = Array.from({ length: whole(0, 3) }, plain);
      if (next() < 0.5) record.sourceData = { steps: plain(), deep: { er: plain() } };
      return record;
    });
  }

  test("every field of every record is in its own cell", () => {
    const seed = dice(8);
    for (let round = 0; round < ROUNDS; round += 1) {
      const records = recordsOf(seed, seed.whole(1, 12));
      const [names, ...rows] = readCsv(csv(records));
      assert.equal(new Set(names).size, names.length, "no column twice");
      assert.equal(rows.length, records.length);
      for (const [index, record] of records.entries()) {
        assert.equal(rows[index].length, names.length);
        const { sourceData, list, ...flat } = record;
        const wanted = { ...flat };
        if (sourceData !== undefined) Object.assign(wanted, { "sourceData.steps": sourceData.steps, "sourceData.deep.er": sourceData.deep.er });
        for (const [name, value] of Object.entries(wanted)) assert.equal(rows[index][names.indexOf(name)], value === null ? "" : `${value}`, name);
        if (list !== undefined) assert.deepEqual(JSON.parse(rows[index][names.indexOf("list")]), list);
        // Cells of fields that the record does not have are empty.
        const has = (name) => name in wanted || (name === "list" && list !== undefined);
        for (const [column, name] of names.entries()) if (!has(name)) assert.equal(rows[index][column], "", name);
      }
    }
  });

  test("the columns are the fields of all records, in the order of their first appearance", () => {
    assert.equal(csv([{ b: 1, a: "x" }, { c: null, b: 2.5 }]), "b,a,c\r\n1,x,\r\n2.5,,\r\n");
  });

  test("NDJSON has each record as the server sent it, one in a line", () => {
    const seed = dice(9);
    for (let round = 0; round < ROUNDS; round += 1) {
      const records = recordsOf(seed, seed.whole(0, 12));
      const lines = ndjson(records).split("\n");
      assert.equal(lines.pop(), "");
      assert.deepEqual(lines.map((line) => JSON.parse(line)), records);
    }
  });
});

describe("lines", async () => {
  const { linesOf } = await load("send/lines.ts");
  const LONG = 400;

  /** A file whose stream delivers these pieces. */
  function inPieces(name, bytes, cuts) {
    const edges = [0, ...[...new Set(cuts)].sort((one, other) => one - other), bytes.length];
    const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
    const state = { pulled: 0, cancelled: false };
    const stream = () => new ReadableStream({
      pull(controller) {
        state.pulled += 1;
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new Uint8Array(piece));
      },
      cancel() {
        state.cancelled = true;
      },
    }, { highWaterMark: 0 });
    return Object.assign(state, { name, stream });
  }

  /** The lines of a text, numbered as in an editor. */
  function linesIn(text) {
    const lines = [""];
    for (const character of text) {
      if (character === "\n") lines.push("");
      else lines[lines.length - 1] += character;
    }
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  /** A text with lines of every kind. A long one is much longer than the part that is shown. */
  function textOf({ whole, one, next }) {
    const line = () => {
      if (next() < 0.1) return "x".repeat(whole(LONG + 10, 3000));
      return Array.from({ length: whole(0, 30) }, () => one(["a", "é", "漢", "😀", ",", "\t", " "])).join("");
    };
    const text = Array.from({ length: whole(1, 40) }, () => line() + one(["\n", "\n", "\r\n"])).join("");
    return next() < 0.5 ? text : text + line().padEnd(1, "z");
  }

  function check(found, numbers, text) {
    const lines = linesIn(text);
    const wanted = [...new Set(numbers)].sort((one, other) => one - other).filter((number) => number <= lines.length);
    assert.deepEqual(found.map(({ line }) => line), wanted);
    for (const { line, text: shown } of found) {
      const whole = lines[line - 1];
      if (whole.length <= LONG) assert.equal(shown, whole, `line ${line}`);
      else assert.equal(shown, `${whole.slice(0, LONG)} …`, `line ${line}`);
    }
  }

  test("lines are found wherever the pieces are cut, even inside a character", async () => {
    const seed = dice(10);
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = textOf(seed);
      const bytes = Buffer.from(text);
      const count = linesIn(text).length - (text.endsWith("\n") ? 1 : 0);
      const numbers = seed.list(seed.whole(1, 8), () => seed.whole(1, count));
      const cuts = seed.list(seed.whole(0, 30), () => seed.whole(0, bytes.length));
      check(await linesOf(inPieces("steps.ndjson", bytes, cuts), numbers), numbers, text);
    }
  });

  test("lines are found when each piece is one byte", async () => {
    const text = "one\r\ntwo é\n\n漢字😀\nlast";
    const bytes = Buffer.from(text);
    const cuts = Array.from(bytes, (_, index) => index);
    check(await linesOf(inPieces("a.csv", bytes, cuts), [1, 2, 3, 4, 5]), [1, 2, 3, 4, 5], text);
  });

  test("lines are found in a real file, and in the same one compressed", async () => {
    const seed = dice(11);
    for (let round = 0; round < 40; round += 1) {
      const text = textOf(seed);
      const numbers = seed.list(5, () => seed.whole(1, linesIn(text).length - 1 || 1));
      check(await linesOf(new File([text], "steps.csv"), numbers), numbers, text);
      check(await linesOf(new File([gzipSync(text)], "steps.csv.gz"), numbers), numbers, text);
      const packed = gzipSync(text);
      const cuts = seed.list(10, () => seed.whole(0, packed.length));
      check(await linesOf(inPieces("steps.csv.gz", packed, cuts), numbers), numbers, text);
    }
  });

  test("lines that do not exist are left out", async () => {
    assert.deepEqual(await linesOf(new File(["one\ntwo\n"], "a.csv"), [2, 9]), [{ line: 2, text: "two" }]);
    assert.deepEqual(await linesOf(new File([], "a.csv"), [7]), []);
  });

  test("a file that ends inside a character shows a replacement character", async () => {
    const bytes = Buffer.from("one\ntwo é").subarray(0, -1);
    assert.deepEqual(await linesOf(new File([bytes], "a.csv"), [2]), [{ line: 2, text: "two \ufffd" }]);
  });

  test("a file is read only up to the last line that is requested", async () => {
    const bytes = Buffer.from("a line\n".repeat(10_000));
    const cuts = Array.from({ length: 700 }, (_, index) => index * 100);
    const file = inPieces("a.csv", bytes, cuts);
    assert.deepEqual(await linesOf(file, [3]), [{ line: 3, text: "a line" }]);
    assert.ok(file.pulled < 5, `${file.pulled} pieces were read`);
    assert.equal(file.cancelled, true);
  });

  test("a file that cannot be read is an error", async () => {
    await assert.rejects(linesOf(new File(["not packed at all"], "a.csv.gz"), [1]));
  });
});

describe("rate", async () => {
  const { Rate } = await load("send/rate.ts");
  const WINDOW = 5000;

  test("steady progress has its exact rate", () => {
    const { whole } = dice(12);
    for (let round = 0; round < ROUNDS; round += 1) {
      const rate = new Rate();
      const speed = whole(1, 20_000);
      let now = whole(0, 1e6);
      const begin = now;
      for (let step = 0; step < 100; step += 1, now += whole(20, 400)) {
        rate.note((speed * (now - begin)) / 1000, now);
        const perSecond = rate.perSecond();
        if (now - begin < 500) assert.equal(perSecond, undefined, `after ${now - begin} ms`);
        else isNear(perSecond, speed, "speed");
      }
    }
  });

  test("earlier progress is forgotten", () => {
    for (const [before, after] of [[10_000, 50], [50, 10_000]]) {
      const rate = new Rate();
      let count = 0;
      for (let now = 0; now <= 20_000; now += 100) rate.note((count += before / 10), now);
      isNear(rate.perSecond(), before, "at first");
      for (let now = 20_100; now <= 20_000 + WINDOW + 300; now += 100) rate.note((count += after / 10), now);
      isNear(rate.perSecond(), after, "after the change");
    }
  });

  test("without progress there is no rate", () => {
    const rate = new Rate();
    assert.equal(rate.perSecond(), undefined);
    for (let now = 0; now <= 9000; now += 300) rate.note(700, now);
    assert.equal(rate.perSecond(), undefined);
    // The next type begins at zero again.
    rate.note(0, 9300);
    assert.equal(rate.perSecond(), undefined);
  });
});

describe("failures", async () => {
  const { failureOf, mends, told } = await load("failures.ts");
  /** An error like the library's, with its name and fields. */
  const errorOf = (name, fields = {}) => Object.assign(new Error("the library's words"), { name, ...fields });
  const KINDS = {
    offline: errorOf("ConnectionError", { sent: true }),
    unreachable: errorOf("TimeoutError", { sent: true }),
    unauthorized: errorOf("AuthenticationError", { status: 401 }),
    forbidden: errorOf("PermissionError", { status: 403 }),
    limited: errorOf("RateLimitError", { status: 429, retryAt: new Date(1_750_000_000_000) }),
    server: errorOf("ServerError", { status: 502 }),
    quota: errorOf("StoreError", { code: "quota" }),
    store: errorOf("StoreError", { code: "damaged" }),
    input: errorOf("OptionError", { option: "startDate" }),
    other: errorOf("ApiError", { status: 418 }),
  };
  const failures = () => Object.entries(KINDS).map(([kind, error]) => {
    isOnline = kind !== "offline";
    return [kind, failureOf(error)];
  });

  test("each error has its own kind", () => {
    for (const [kind, failure] of failures()) assert.equal(failure.kind, kind);
    isOnline = true;
    assert.equal(failureOf(errorOf("ConnectionError")).kind, "unreachable");
    for (const option of ["token", "accessToken"]) assert.equal(failureOf(errorOf("OptionError", { option })).kind, "unauthorized");
    assert.equal(failureOf(errorOf("NotFoundError", { status: 404 })).kind, "other");
    for (const odd of [undefined, null, "a text", 7, {}]) {
      const failure = failureOf(odd);
      assert.equal(failure.kind, "other");
      assert.equal(typeof failure.message, "string");
    }
  });

  test("a failure can be posted between threads, and contains nothing private", () => {
    const secret = "bearer-of-a-secret";
    const more = { body: { token: secret }, report: { sent: secret }, path: `/human?${secret}` };
    const error = errorOf("RateLimitError", { status: 429, retryAt: new Date(5000), ...more });
    const failure = structuredClone(failureOf(error));
    assert.deepEqual(failure, { kind: "limited", message: "the library's words", status: 429, retryAt: 5000 });
    assert.deepEqual(failureOf(errorOf("ServerError", { status: "500", retryAt: "soon" })), { kind: "server", message: "the library's words" });
  });

  test("each message says what happens next", () => {
    for (const doing of ["reading", "sending"]) {
      for (const [kind, failure] of failures()) {
        const { title, next, urgent } = told(failure, doing);
        assert.ok(title.length > 5 && next.length > 10, kind);
        // A failure either passes with time, or needs a person.
        assert.equal(urgent, !mends(failure), kind);
        if (mends(failure)) assert.match(next.toLowerCase(), new RegExp(`^${doing} goes on by itself`), kind);
      }
    }
    assert.match(told({ kind: "server", message: "", status: 503 }, "reading").title, /503/);
    assert.match(told({ kind: "input", message: "startDate: expected a day" }, "reading").next, /expected a day/);
    assert.equal(new Set(failures().map(([, failure]) => told(failure, "reading").title)).size, 10, "each has a title of its own");
  });

  test("four kinds of failures pass with time", () => {
    const mended = failures().filter(([, failure]) => mends(failure)).map(([kind]) => kind);
    assert.deepEqual(mended.sort(), ["limited", "offline", "server", "unreachable"]);
  });
});

describe("words", async () => {
  const { bytes, counted, day, duration, minute, number } = await load("ui/words.ts");
  const plain = (text) => Number(text.replaceAll(",", ""));

  test("numbers have separators between thousands, and at most one decimal", () => {
    const { whole } = dice(13);
    for (let round = 0; round < ROUNDS; round += 1) {
      const tenths = whole(-1e9, 1e9);
      const text = number(tenths / 10);
      assert.match(text, /^-?\d{1,3}(,\d{3})*(\.\d)?$/);
      assert.equal(plain(text), tenths / 10);
    }
    assert.deepEqual([0, 1.26, -1.26, 1234.96].map(number), ["0", "1.3", "-1.3", "1,235"]);
  });

  test("counted nouns have a singular and a plural", () => {
    assert.deepEqual([0, 1, 2, 1000].map((count) => counted(count, "sample")), ["0 samples", "1 sample", "2 samples", "1,000 samples"]);
    assert.deepEqual([1, 3].map((count) => counted(count, "box", "boxes")), ["1 box", "3 boxes"]);
  });

  test("bytes are exact to a twentieth of their unit", () => {
    const { next } = dice(14);
    const UNITS = { byte: 1, bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
    for (let round = 0; round < ROUNDS * 5; round += 1) {
      const count = Math.floor(10 ** (next() * 13));
      const [amount, unit] = bytes(count).split(" ");
      assert.ok(unit in UNITS, unit);
      assert.ok(Math.abs(plain(amount) * UNITS[unit] - count) <= UNITS[unit] * (UNITS[unit] === 1 ? 0 : 0.0501), `${count}: ${amount} ${unit}`);
      if (unit !== "GB") assert.ok(plain(amount) <= 1000, `${count}: ${amount} ${unit}`);
      if (UNITS[unit] > 1) assert.ok(plain(amount) >= 1, `${count}: ${amount} ${unit}`);
    }
    assert.deepEqual([0, 1, 999, 1000, 1500, 1e6, 2.5e9].map(bytes), ["0 bytes", "1 byte", "999 bytes", "1 kB", "1.5 kB", "1 MB", "2.5 GB"]);
  });

  test("a duration is never shown shorter than it is, except that seconds are left out from an hour on", () => {
    const { next } = dice(15);
    for (let round = 0; round < ROUNDS * 5; round += 1) {
      const milliseconds = Math.floor(10 ** (next() * 9));
      const text = duration(milliseconds);
      const [, h = "0", min = "0", s] = /^(?:(\d+) h )?(?:(\d+) min)? ?(?:(\d+) s)?$/.exec(text) ?? assert.fail(text);
      const shown = Number(h) * 3600 + Number(min) * 60 + Number(s ?? 0);
      const seconds = Math.ceil(milliseconds / 1000);
      if (seconds < 3600) assert.equal(shown, seconds, text);
      else assert.ok(shown <= seconds && seconds - shown < 60, text);
      assert.ok(Number(min) < 60 && Number(s ?? 0) < 60, text);
    }
    assert.deepEqual([-5000, 0, 1, 45_000, 59_001].map(duration), ["0 s", "0 s", "1 s", "45 s", "1 min 00 s"]);
    assert.deepEqual([185_000, 3_600_000, 3_725_000].map(duration), ["3 min 05 s", "1 h 00 min", "1 h 02 min"]);
  });

  test("days and minutes are those of the wall clock in every time zone of the reader", () => {
    assert.equal(day(Date.UTC(2025, 5, 30)), "Jun 30, 2025");
    assert.equal(day(Date.UTC(2025, 5, 30, 23, 59, 59, 999)), "Jun 30, 2025");
    assert.match(minute(Date.UTC(2025, 0, 2, 0, 5)), /^Jan 2, 2025,? (at )?00:05$/);
    assert.match(minute(Date.UTC(2025, 11, 31, 23, 59)), /^Dec 31, 2025,? (at )?23:59$/);
  });
});
