// Random numbers that a seed determines.

/** Numbers from 0 to 1 (xoshiro128**, seeded by splitmix32), and the distributions that are made of them. */
export function randomOf(seed) {
  const state = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let index = 0; index < 4; index++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    state[index] = word ^ (word >>> 15);
  }
  const rotated = (word, bits) => (word << bits) | (word >>> (32 - bits));

  function uniform() {
    const result = Math.imul(rotated(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 11);
    return result / 2 ** 32;
  }

  /** With this mean. */
  const exponential = (mean) => -mean * Math.log(1 - uniform());

  /** How many of independent events happen where `mean` are expected. From 50 on the normal distribution is as good. */
  function poisson(mean) {
    if (mean > 50) {
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
    }
    let events = 0;
    for (let product = uniform(), limit = Math.exp(-mean); product > limit; product *= uniform()) events++;
    return events;
  }

  return { uniform, exponential, poisson };
}
