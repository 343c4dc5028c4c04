// Works that go one after the other, in the order in which they came, for each name by itself. Within one program; what
// holds between programs is built on top.

/** Makes `inTurn(name, work)`: it starts `work` when all earlier ones of that name have ended, well or badly. */
export function serialQueue() {
  /** The end of the last work of each name; of no name that nobody waits for. */
  const ends = new Map<string, Promise<void>>();

  return function inTurn<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const outcome = (ends.get(name) ?? Promise.resolve()).then(work);
    const forget = () => {
      if (ends.get(name) === end) ends.delete(name);
    };
    const end = outcome.then(forget, forget);
    ends.set(name, end);
    return outcome;
  };
}
