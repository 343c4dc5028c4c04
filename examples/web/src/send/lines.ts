// Finds the lines of rejected samples in a text file by their numbers. The file is streamed, and only these lines are
// kept.

/** The number of characters to which lines are cut, because a whole JSON document may be a single line. */
const LONGEST = 400;

export async function linesOf(file: File, wanted: readonly number[]): Promise<{ line: number; text: string }[]> {
  const numbers = new Set(wanted);
  const last = Math.max(...numbers);
  const found: { line: number; text: string }[] = [];
  let line = 1;
  let text = "";
  for await (const piece of pieces(file)) {
    let at = 0;
    while (at < piece.length) {
      const end = piece.indexOf("\n", at);
      const part = piece.slice(at, end < 0 ? piece.length : end);
      if (numbers.has(line) && text.length <= LONGEST) text += part.slice(0, LONGEST + 1);
      if (end < 0) break;
      finish();
      if (line > last) return found;
      at = end + 1;
    }
  }
  finish();
  return found;

  function finish(): void {
    if (numbers.has(line)) found.push({ line, text: text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text.replace(/\r$/, "") });
    text = "";
    line++;
  }
}

/** The text of a file, decompressed if it is a gzip file. */
async function* pieces(file: File): AsyncGenerator<string> {
  const packed = file.name.endsWith(".gz");
  const bytes = packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    await reader.cancel();
  }
}
