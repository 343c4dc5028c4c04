// The names of contenders, as they are shown.

export const NAMES = {
  zod: "zod 4",
  typebox: "TypeBox + ajv",
  "simd-json": "simd-json, native",
  octokit: "Octokit",
  memory: "memory store",
  file: "file store",
  checkpoints: "checkpoints",
  "by hand": "loop by hand",
  plain: "plain JavaScript",
  default: "humansync",
  read: "reading alone",
};

export function nameOf(contender) {
  return NAMES[contender] ?? contender;
}
