// The sources of the records: a watch, a phone, and an app.

/** The names are like those of Apple's devices, with a curly apostrophe and no-break spaces. */
const WATCH = {
  name: "Anna’s Apple\u00a0Watch",
  versions: ["9.6.3", "10.1", "10.6.1", "11.2", "11.5"],
  device: (version) => hkDevice("0x281f5b2f0", "Apple Watch", "Watch", "Watch6,2", version),
};
const PHONE = {
  name: "Anna’s iPhone",
  versions: ["16.6.1", "17.0.3", "17.5.1", "18.3", "18.5"],
  device: (version) => hkDevice("0x2819c6d50", "iPhone", "iPhone", "iPhone14,5", version),
};
const APP = { name: "Steps & Miles", versions: ["4512", "4630"], device: () => undefined };
const SCALE = { name: "Health Mate", versions: ["5070301", "6010002"], device: () => undefined };

/** Sources, each with its share of the records of a type. */
export const WORN = [[WATCH, 1]];
export const CARRIED = [[PHONE, 1]];
export const WORN_AND_CARRIED = [[WATCH, 0.53], [PHONE, 0.4], [APP, 0.07]];
export const STOOD_UPON = [[SCALE, 1]];

function hkDevice(address, name, model, hardware, software) {
  return `<<HKDevice: ${address}>, name:${name}, manufacturer:Apple Inc., model:${model}, hardware:${hardware}, software:${software}>`;
}

/** The escaped attributes `sourceName="…" sourceVersion="…" device="…"`; `shownName` can replace the source's name. */
export function sourceAttributes({ name, device }, version, shownName = name) {
  const given = device(version);
  const shown = given === undefined ? "" : ` device="${escaped(given)}"`;
  return `sourceName="${escaped(shownName)}" sourceVersion="${version}"${shown}`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
