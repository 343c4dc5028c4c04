// What the XML parsers need to know of an export of Apple Health.

export const STEPS = "HKQuantityTypeIdentifierStepCount";

/** `2023-11-01 08:04:51 +0100` → `2023-11-01T08:04:51+01:00` */
export function rfc3339(text) {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${text.slice(20, 23)}:${text.slice(23)}`;
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of an attribute whose entities were left as they are. */
export function unescaped(text) {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
