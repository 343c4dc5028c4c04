// humansync.wasm as a text, which the build makes.

/** What was added to each byte. */
export const shift: number;
/** One character a byte. */
export const text: string;
