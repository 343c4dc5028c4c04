// Assertions that only the compiler makes.

/** `true` where both types are the same one, also in what is optional and read-only. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile unless `Claim` is `true`. */
export function holds<Claim extends true>(): void {}

/** The type of an awaited call. */
export type Answer<F extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<F>>;
