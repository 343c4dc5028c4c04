// A window of the simulation: which seconds its records are of, newest first, and how far it is committed.

export class SimulatedWindow {
  #sums;
  #since;
  #known;
  /** The second whose records come next, and how many of them are left. */
  #second;
  #ofSecond;

  /** Has the records from `since` to `before`; those from `known` on are new, the others are read again. */
  constructor(sums, since, before, known) {
    this.#sums = sums;
    this.#since = since;
    this.#known = known;
    this.#second = before;
    this.#ofSecond = 0;
    this.left = sums[before] - sums[since];
  }

  /** The next page of at most so many records: how many it has, and how many of them are new. */
  page(most) {
    const records = Math.min(most, this.left);
    return { records, fresh: Math.min(records, this.newLeft()) };
  }

  /** How many new records are left. They come before the others. */
  newLeft() {
    const end = this.#sums[this.#since] + this.left;
    return Math.max(0, end - this.#sums[Math.max(this.#since, this.#known)]);
  }

  /** Commits so many records. `onNew` is called with each second of new ones, and their number. */
  commit(records, onNew) {
    this.left -= records;
    for (let rest = records; rest > 0; ) {
      if (this.#ofSecond === 0) {
        this.#second--;
        this.#ofSecond = this.#sums[this.#second + 1] - this.#sums[this.#second];
        continue;
      }
      const number = Math.min(rest, this.#ofSecond);
      this.#ofSecond -= number;
      rest -= number;
      if (this.#second >= this.#known) onNew(this.#second, number);
    }
  }
}
