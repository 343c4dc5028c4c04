// Assertions about types, which the compiler checks.

/** `true` if both types are identical, including which fields are optional or read-only. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile unless `Claim` is `true`. */
export function holds<Claim extends true>(): void {}

/** The type that a call resolves to. */
export type Answer<F extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<F>>;
