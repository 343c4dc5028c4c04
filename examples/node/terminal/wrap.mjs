// Wraps text.

/** Wraps `text` into lines of at most `width` characters, at the separator `at`. */
export function wrapped(text, width, at = " ") {
  const lines = [""];
  for (const part of text.split(at)) {
    const line = lines.at(-1);
    if (line === "") lines[lines.length - 1] = part;
    else if (line.length + at.length + part.length <= width) lines[lines.length - 1] = line + at + part;
    else lines.push(part);
  }
  return lines;
}
