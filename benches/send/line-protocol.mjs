// Reads InfluxDB's line protocol, as far as the benches write it, to compare what was sent with the others' JSON.

/** A batch of lines as `{ data_type, data }`. */
export function decoded(text) {
  const data = text.split("\n").map(sample);
  const types = new Set(data.map(({ data_type }) => data_type));
  if (types.size !== 1) throw new Error(`a batch has ${[...types].join(" and ")}`);
  return { data_type: data[0].data_type, data: data.map(({ data_type, ...rest }) => rest) };
}

/** `steps,device_name=iPhone,unit=count end=1700000000000i,value=12 1699999990000` */
function sample(line) {
  const [head, fields, time] = split(line, " ");
  const [data_type, ...tags] = split(head, ",");
  const { value, end, ...unknown } = Object.fromEntries(split(fields, ",").map((field) => split(field, "=")));
  return {
    data_type: plain(data_type),
    ...Object.fromEntries(tags.map((tag) => split(tag, "=").map(plain))),
    start_date: Number(time),
    ...(end !== undefined && { end_date: Number(end.replace(/i$/, "")) }),
    value: Number(value),
    ...unknown,
  };
}

/** Splits at a character that no backslash escapes. */
function split(text, at) {
  return text.match(new RegExp(String.raw`(?:\\.|[^\\${at}])+`, "g"));
}

function plain(text) {
  return text.replace(/\\(.)/g, "$1");
}
