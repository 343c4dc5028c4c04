// A heat map with a value for each hour of each day: days from left to right, and hours from top to bottom, two in a
// row.

/** The colours from low to high values, from the 256 colours of a terminal. */
const RAMP = [17, 18, 19, 25, 31, 37, 43, 79, 115, 151, 187, 222, 215, 209, 203, 197];
/** The characters from low to high values on screens without colours. */
const SHADES = ["·", "░", "▒", "▓", "█"];
/** The width of the labels before the days: `  06:00  `. */
const MARGIN = 9;

/**
 * The lines of a heat map of `days`, each `{ date, hours }` with 24 values, some of which may be undefined.
 */
export function heatMap(screen, days, { unit }) {
  const cell = Math.max(1, Math.min(3, Math.floor((screen.width - MARGIN - 1) / days.length)));
  const shown = days.slice(-Math.floor((screen.width - MARGIN - 1) / cell));
  const scale = scaleOf(shown.flatMap(({ hours }) => hours));
  const draw = screen.colours ? halves(scale) : shades(scale);

  const lines = [];
  for (let hour = 0; hour < 24; hour += 2) {
    const label = hour % 6 === 0 ? `${String(hour).padStart(2, "0")}:00` : "";
    const cells = shown.map(({ hours }) => draw(hours[hour], hours[hour + 1], cell));
    lines.push(`  ${screen.paint("faint", label.padEnd(MARGIN - 2))}${cells.join("")}`);
  }
  lines.push(" ".repeat(MARGIN) + screen.paint("faint", dateAxis(shown, cell)));
  lines.push("", " ".repeat(MARGIN) + legend(screen, scale, unit));
  return lines;
}

/** Draws two hours in one character, the upper half in its foreground colour, the lower in its background colour. */
function halves(scale) {
  const colour = (value) => RAMP[Math.round(scale.share(value) * (RAMP.length - 1))];
  return (upper, lower, width) => {
    if (upper === undefined && lower === undefined) return " ".repeat(width);
    if (lower === undefined) return `\x1b[38;5;${colour(upper)}m${"▀".repeat(width)}\x1b[0m`;
    if (upper === undefined) return `\x1b[38;5;${colour(lower)}m${"▄".repeat(width)}\x1b[0m`;
    return `\x1b[38;5;${colour(upper)};48;5;${colour(lower)}m${"▀".repeat(width)}\x1b[0m`;
  };
}

/** Draws two hours in one character, denser for higher values. */
function shades(scale) {
  return (...given) => {
    const width = given.pop();
    const values = given.filter((value) => value !== undefined);
    if (values.length === 0) return " ".repeat(width);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return SHADES[Math.round(scale.share(mean) * (SHADES.length - 1))].repeat(width);
  };
}

/**
 * A logarithmic scale from the lowest to the highest value. On a linear one, an hour of sport would make all others
 * look alike.
 */
function scaleOf(values) {
  const known = values.filter((value) => value > 0);
  const lowest = Math.min(...known);
  const highest = Math.max(...known);
  return {
    lowest,
    highest,
    share(value) {
      if (highest === lowest) return 0.5;
      return Math.min(1, Math.max(0, Math.log(value / lowest) / Math.log(highest / lowest)));
    },
  };
}

/** The axis: days of the month below their columns where there is room, and the month where one begins. */
function dateAxis(days, cell) {
  let axis = "";
  days.forEach(({ date }, index) => {
    const column = index * cell;
    const first = index === 0 || date.getUTCDate() === 1;
    const label = first
      ? `${date.getUTCDate()} ${date.toLocaleString("en-GB", { month: "short", timeZone: "UTC" })}`
      : String(date.getUTCDate());
    const wanted = first || date.getUTCDate() % 5 === 0;
    const fits = axis === "" || axis.length < column;
    if (wanted && fits && column + label.length <= days.length * cell) axis = axis.padEnd(column) + label;
  });
  return axis;
}

function legend(screen, { lowest, highest }, unit) {
  const cell = screen.width < 70 ? 1 : 2;
  const steps = screen.colours
    ? RAMP.map((colour) => screen.paint(colour, "█".repeat(cell)))
    : SHADES.map((shade) => shade.repeat(cell));
  return `${Math.round(lowest)} ${steps.join("")} ${Math.round(highest)} ${unit}, mean of an hour`;
}
