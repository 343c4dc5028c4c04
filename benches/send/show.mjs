// Prints the results as tables.

import { bytes, count, duration } from "../../examples/node/terminal/quantities.mjs";
import { spread } from "./statistics.mjs";

const NAMES = { zod: "zod 4", typebox: "TypeBox + ajv", "simd-json": "simd-json (native)" };
const BAR = 16;

/** Formats the results for a screen, and records which targets are met. */
export function presentation(screen) {
  const { paint } = screen;
  const verdicts = [];

  /** Colours a verdict green or red, and records it. */
  function verdict(met) {
    verdicts.push(met);
    return met ? paint("green", "✓") : paint("red", "✗");
  }

  /** The lines of a table. Each cell is `[text, style]`; the first column is aligned left, the others right. */
  function aligned(heads, rows) {
    const all = [heads.map((head) => [head, "faint"]), ...rows];
    const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column][0].length)));
    for (const row of all) {
      const cells = row.map(([text, style], column) => {
        const space = " ".repeat(widths[column] - text.length);
        const painted = style === undefined ? text : paint(style, text);
        return column === 0 || heads[column] === "" ? painted + space : space + painted;
      });
      screen.line(`  ${cells.join("   ").trimEnd()}`);
    }
  }

  return {
    verdicts,

    row({ title, results, equality, above }) {
      const { samples } = results[0];
      screen.heading(`${title}, ${count(samples)} samples`);
      const slowest = Math.max(...results.map(({ milliseconds }) => milliseconds));
      const rows = results.map(({ contender, milliseconds, rounds, cpuMilliseconds, memory, webAssembly, times, atLeast }, index) => {
        const met = atLeast === undefined ? undefined : times >= atLeast;
        return [
          [NAMES[contender] ?? contender, index === 0 ? "bold" : undefined],
          [duration(milliseconds), "bold"],
          [`± ${Math.round(spread(rounds) * 50)} %`, "faint"],
          [duration(cpuMilliseconds)],
          [`${(samples / milliseconds / 1000).toFixed(2)} M/s`],
          [memory === undefined ? "" : bytes(memory)],
          [webAssembly === 0 ? "" : bytes(webAssembly)],
          [times === undefined ? "" : `${times.toFixed(1)} ×`, met === undefined ? "bold" : met ? "green" : "red"],
          [atLeast === undefined ? "" : `≥ ${atLeast} ×`, "faint"],
          met === undefined ? [""] : [verdictMark(met)],
          ["█".repeat(Math.max(1, Math.round((milliseconds / slowest) * BAR))), index === 0 ? "cyan" : "faint"],
        ];
      });
      aligned(["", "median", "", "cpu", "speed", "memory", "wasm", "our lead", "target", "", ""], rows.map(painted));
      if (above !== undefined) {
        const met = above.bytes <= above.most;
        screen.line(
          `\n  memory above the held rows (${above.row} bytes each): ${paint("bold", bytes(above.bytes))}  ` +
            `${paint("faint", `≤ ${bytes(above.most)}`)}  ${verdict(met)}`,
        );
      }
      if (equality.differences.length === 0) screen.line(`  ${paint("faint", "all give the same")}`);
      for (const difference of equality.differences) screen.line(`  ${paint("red", `✗ ${difference}`)}`);
    },

    growth({ title, small, large, samples, times, perRow, most }) {
      screen.heading(`Growth: ${title}`);
      const within = Math.abs(times / samples - 1) <= 0.1;
      const line = ({ samples: number, milliseconds, rounds, memory, webAssembly }) => [
        [`${count(number)} samples`],
        [duration(milliseconds), "bold"],
        [`± ${Math.round(spread(rounds) * 50)} %`, "faint"],
        [`${Math.round((milliseconds / number) * 1e6)} ns`],
        [bytes(memory)],
        [bytes(webAssembly)],
      ];
      aligned(["", "median", "", "a sample", "memory", "wasm"], [line(small), line(large)]);
      screen.line(
        `\n  ${samples.toFixed(1)} × the samples: ${paint("bold", `${times.toFixed(1)} × the time`)}  ` +
          `${paint("faint", `${samples.toFixed(1)} × ± 10 %`)}  ${verdict(within)}`,
      );
      const judged = most === undefined ? "" : `  ${paint("faint", `≤ ${most} bytes`)}  ${verdict(perRow <= most)}`;
      screen.line(`  WebAssembly memory for each further sample: ${paint("bold", `${Math.round(perRow)} bytes`)}${judged}`);
    },

    end() {
      const met = verdicts.filter(Boolean).length;
      screen.line();
      const words = `${met} of ${verdicts.length} targets met`;
      screen.line(met === verdicts.length ? `  ${paint("green", "✓")} ${paint("bold", words)}` : `  ${paint("red", "✗")} ${words}`);
    },
  };

  function verdictMark(met) {
    verdicts.push(met);
    return met;
  }

  /** Colours the marks of a row. */
  function painted(row) {
    return row.map((cell) => (typeof cell[0] === "boolean" ? [cell[0] ? "✓" : "✗", cell[0] ? "green" : "red"] : cell));
  }
}
