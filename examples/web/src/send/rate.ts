// How fast it goes: over the last seconds, as what went before says little of what comes.

const WINDOW = 5_000;

export class Rate {
  #seen: { at: number; count: number }[] = [];

  /** So many are done by now. */
  note(count: number, now = performance.now()): void {
    this.#seen.push({ at: now, count });
    while (this.#seen.length > 2 && now - (this.#seen[1]?.at ?? now) > WINDOW) this.#seen.shift();
  }

  /** A second's worth; undefined before there is enough to tell. */
  perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < 500 || last.count <= first.count) return undefined;
    return ((last.count - first.count) / (last.at - first.at)) * 1000;
  }
}
