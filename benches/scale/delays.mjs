// How long records took from their update to their commit: a histogram by the second.

export class Delays {
  #numbers = [];
  #from;
  #until;
  #all = 0;

  /** Counts records that were updated from `from` on and before `until`. */
  constructor(from, until) {
    this.#from = from;
    this.#until = until;
  }

  add(second, delay, number) {
    if (second < this.#from || second >= this.#until) return;
    const bin = Math.floor(delay);
    this.#numbers[bin] = (this.#numbers[bin] ?? 0) + number;
    this.#all += number;
  }

  /** The delay within which this share of the records was committed, in seconds. */
  quantile(share) {
    let rest = share * this.#all;
    for (const [bin, number = 0] of this.#numbers.entries()) {
      rest -= number;
      if (rest <= 0 && number > 0) return bin + 1 + rest / number;
    }
    return undefined;
  }
}
