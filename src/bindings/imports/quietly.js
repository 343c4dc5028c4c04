// Releasing what is no longer needed.

/** Ignores what goes wrong while something is released. @param {() => any} act */
export function quietly(act) {
  try {
    act()?.then?.(undefined, () => {});
  } catch {
    // Ignored on purpose.
  }
}
