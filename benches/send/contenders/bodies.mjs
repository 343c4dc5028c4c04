// From checked samples to requests: the code that all contenders except the package share.

const BATCH = 1000;
const FEWEST = 3;

/** Collects samples with their starts, and batches them in order. */
export class Collected {
  #entries = [];
  #rejected = 0;

  take(sample, start) {
    // The start is NaN if the sample is invalid.
    if (start === start) this.#entries.push({ start, sample });
    else this.#rejected++;
  }

  get counts() {
    const samples = this.#entries.length;
    return { samples, rejected: this.#rejected, batches: sizes(samples).length };
  }

  /** The bodies, each of which is made when it is requested. */
  *bodies(type) {
    // The sort is stable, so that samples with the same start keep their order.
    const entries = this.#entries.sort((a, b) => a.start - b.start);
    let from = 0;
    for (const size of sizes(entries.length)) {
      const data = new Array(size);
      for (let index = 0; index < size; index++) data[index] = entries[from + index].sample;
      yield JSON.stringify({ data_type: type, data });
      from += size;
    }
  }
}

/** The sizes of batches that are as full as possible, none smaller than the API accepts. */
function sizes(number) {
  const full = Math.floor(number / BATCH);
  const rest = number % BATCH;
  const all = new Array(full).fill(BATCH);
  if (rest >= FEWEST) all.push(rest);
  else if (rest > 0 && full > 0) {
    all[full - 1] -= FEWEST - rest;
    all.push(FEWEST);
  }
  return all;
}

/** Makes all bodies without keeping them. */
export function makeAll(bodies) {
  let bytes = 0;
  for (const body of bodies) bytes += body.length;
  return bytes;
}

/** Sends all bodies to a server, six at once. */
export async function sendAll(bodies, { url, fetch }) {
  const lane = async () => {
    for (const body of bodies) {
      const answer = await fetch(`${url}/api/v1.1/samples`, {
        method: "POST",
        headers: { authorization: "Bearer demo", "content-type": "application/json" },
        body,
      });
      // Its text is read, without which a connection is not free for the next request.
      const said = await answer.text();
      if (!answer.ok) throw new Error(`answered ${answer.status}: ${said}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
}
