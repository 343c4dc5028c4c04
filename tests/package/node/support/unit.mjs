// Reads a unit of systemd.

/** The values of each directive of each section, in their order: `unit.Service.Environment`. */
export function unitOf(text) {
  const unit = {};
  let section;
  for (const line of text.split("\n").map((line) => line.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const head = /^\[(\w+)\]$/.exec(line);
    if (head) {
      section = unit[head[1]] ??= {};
      continue;
    }
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || section === undefined) throw new Error(`this is no directive: ${line}`);
    (section[name] ??= []).push(value);
  }
  return unit;
}
