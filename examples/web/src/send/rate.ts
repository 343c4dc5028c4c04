// The rate of progress over the last seconds, because earlier progress says little about the future.

const WINDOW = 5_000;

export class Rate {
  #seen: { at: number; count: number }[] = [];

  /** Notes that `count` are done by now. */
  note(count: number, now = performance.now()): void {
    this.#seen.push({ at: now, count });
    while (this.#seen.length > 2 && now - (this.#seen[1]?.at ?? now) > WINDOW) this.#seen.shift();
  }

  /** The rate per second; undefined until enough is known. */
  perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < 500 || last.count <= first.count) return undefined;
    return ((last.count - first.count) / (last.at - first.at)) * 1000;
  }
}
