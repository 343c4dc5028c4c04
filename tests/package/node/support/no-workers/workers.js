// In the place of humansync/workers, for a program that ends before it makes any.

export function createWorkers() {
  throw new Error("No workers are made here.");
}
