// A client in plain JavaScript that has the same answer: it checks what it is given and what comes back, and does no more
// than one answer needs. So the difference to it is the most that the package can be said to cost.

class HumanApiError extends Error {
  constructor(message, { status, path }) {
    super(message);
    this.name = "HumanApiError";
    this.status = status;
    this.path = path;
  }
}

export class HumanClient {
  #baseUrl;
  #headers;

  constructor({ baseUrl = "https://api.humanapi.co", accessToken } = {}) {
    if (typeof accessToken !== "string" || !/^[\x21-\x7e]+$/.test(accessToken)) throw new TypeError("accessToken has to be a text without blanks");
    this.#baseUrl = new URL(baseUrl);
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(this.#baseUrl.hostname);
    if (this.#baseUrl.protocol !== "https:" && !isLocal) throw new TypeError("baseUrl has to be https:");
    this.#headers = { accept: "application/json", authorization: `Bearer ${accessToken}` };
    this.weight = { latest: () => this.#latest("weight") };
  }

  async #latest(type) {
    const path = `/v1/human/${type}`;
    const answer = await fetch(new URL(path, this.#baseUrl), { headers: this.#headers, redirect: "error" });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new HumanApiError(`${path} answered ${answer.status}`, { status: answer.status, path });
    const reading = await answer.json();
    if (typeof reading !== "object" || reading === null || Array.isArray(reading)) {
      throw new HumanApiError(`${path} answered something that is no reading`, { status: answer.status, path });
    }
    return reading.id === undefined ? undefined : reading;
  }
}
