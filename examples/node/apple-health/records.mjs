// The records of one type, of several sources, in the order of their starts.

import { sourceAttributes } from "./sources.mjs";

const DAY = 86_400;
const TAIL = Buffer.from('"/>\n');
const OPEN_TAIL = Buffer.from('">\n');
const CLOSE = Buffer.from(" </Record>\n");
const START = Buffer.from('" startDate="');
const END = Buffer.from('" endDate="');
const VALUE = Buffer.from('" value="');

/** Makes records invalid as samples, each kind in turn. */
const ODD = [
  { value: "0" },
  { value: "45210" },
  { endsBefore: 60 },
  { name: "" },
  { value: "many" },
];

/**
 * Writes `number` records of `type` over `days` from `from` on, and yields the full pieces. It also writes `odd`
 * records that are not valid samples, and repeats `repeated` ones, both evenly spread.
 */
export function* records(out, draw, type, { number, from, days, odd = 0, repeated = 0 }) {
  const writers = rowsOf(type, number, from, days, draw);
  let oddDone = 0;
  let repeatedDone = 0;
  for (let done = 0; done < number; ) {
    const source = earliest(writers);
    const mark = out.mark;
    record(out, draw, type, source.prefix(), source.start, source.end);
    done++;
    while (repeatedDone < Math.floor((done * repeated) / number)) {
      out.repeat(mark);
      repeatedDone++;
    }
    while (oddDone < Math.floor((done * odd) / number)) {
      oddRecord(out, draw, type, source, ODD[oddDone++ % ODD.length]);
    }
    source.advance();
    yield* taken(out);
  }
}

function* taken(out) {
  const piece = out.full();
  if (piece !== undefined) yield piece;
}

function record(out, draw, { value, children }, prefix, start, end) {
  out.bytes(prefix);
  times(out, start, end);
  value(out, draw);
  if (children === undefined) return out.bytes(TAIL);
  const mark = out.mark;
  out.bytes(OPEN_TAIL);
  const inside = out.mark;
  children(out, draw);
  if (out.mark > inside) return out.bytes(CLOSE);
  out.back(mark);
  return out.bytes(TAIL);
}

function oddRecord(out, draw, type, source, { name, value, endsBefore }) {
  out.bytes(name === undefined ? source.prefix() : source.prefix(name));
  const start = source.start + 1;
  times(out, start, endsBefore === undefined ? start + 30 : start - endsBefore);
  if (value === undefined) type.value(out, draw);
  else out.text(value);
  out.bytes(TAIL);
}

/** Writes the times of a record, which is created soon after it ends. */
function times(out, start, end) {
  out.instant(end + 7);
  out.bytes(START);
  out.instant(start);
  out.bytes(END);
  out.instant(end);
  out.bytes(VALUE);
}

function rowsOf(type, number, from, days, draw) {
  let left = number;
  return type.sources.map(([source, share], index) => {
    const own = index === type.sources.length - 1 ? left : Math.floor(number * share);
    left -= own;
    return rowOf(type, source, own, from, days, draw);
  });
}

/** The records of one source: their starts in ascending order, none before the previous record's end. */
function rowOf({ type, unit, hours, longest }, source, number, from, days, draw) {
  const spacing = (days * hours.length) / number;
  // A start is in the first four fifths of its slot, so that two starts are at least a fifth of a slot apart.
  const at = (index) => {
    const used = Math.floor(spacing * (index + 0.8 * draw()));
    const day = Math.floor(used / hours.length);
    return from + day * DAY + hours.from + (used - day * hours.length);
  };
  const prefixOf = (version, name) => {
    const attributes = sourceAttributes(source, version, name);
    const measured = unit === undefined ? "" : ` unit="${unit}"`;
    return Buffer.from(` <Record type="${type}" ${attributes}${measured} creationDate="`);
  };
  const prefixes = source.versions.map((version) => prefixOf(version));
  const versionAt = (index) => Math.min(prefixes.length - 1, Math.floor((index * prefixes.length) / number));

  let index = 0;
  let next = number > 0 ? at(0) : Infinity;
  const row = {
    start: Infinity,
    end: Infinity,
    prefix: (name) => (name === undefined ? prefixes[versionAt(index)] : prefixOf(source.versions[versionAt(index)], name)),
    advance() {
      index++;
      this.settle();
    },
    settle() {
      this.start = next;
      next = index + 1 < number ? at(index + 1) : Infinity;
      this.end = longest === 0 ? this.start : this.start + Math.ceil(draw() * Math.min(longest, next - this.start - 1));
    },
  };
  row.settle();
  return row;
}

function earliest(rows) {
  let first = rows[0];
  for (let index = 1; index < rows.length; index++) if (rows[index].start < first.start) first = rows[index];
  return first;
}
