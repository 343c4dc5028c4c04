// Reads a Dockerfile: its stages and their instructions.

/**
 * The stages of a Dockerfile: each has the `image` that it is from, its `name` if it has one, and its other instructions
 * in their order, as `{ instruction, flags, words }`.
 */
export function stagesOf(text) {
  const stages = [];
  for (const line of joined(text)) {
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line) ?? unreadable(line);
    const instruction = name.toUpperCase();
    const words = rest.startsWith("[") ? JSON.parse(rest) : rest.split(/\s+/);
    if (instruction === "FROM") {
      const [image, as, stage] = words;
      if (words.length !== 1 && !(words.length === 3 && /^as$/i.test(as))) unreadable(line);
      stages.push({ image, name: stage, instructions: [] });
    } else {
      if (stages.length === 0) unreadable(line);
      const flags = words.filter((word, index) => word.startsWith("--") && words.slice(0, index).every((earlier) => earlier.startsWith("--")));
      stages.at(-1).instructions.push({ instruction, flags, words: words.slice(flags.length) });
    }
  }
  return stages;
}

/** The lines without comments, and with those joined that end in a backslash. */
function joined(text) {
  return text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function unreadable(line) {
  throw new Error(`this is no instruction that can be read: ${line}`);
}
