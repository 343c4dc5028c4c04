// Servers without a network: functions that can be passed as a client's `fetch`.

/**
 * A fetch that calls `respond(url, request, index)` for each answer, and records the requests in `requests`. Like the
 * real one, it rejects as soon as its signal is aborted.
 */
export function answering(respond) {
  const requests = [];
  let underWay = 0;
  const fetch = async (input, init) => {
    const request = new Request(input, init);
    const index = requests.push(request) - 1;
    fetch.mostAtOnce = Math.max(fetch.mostAtOnce, ++underWay);
    try {
      return await new Promise((resolve, reject) => {
        const aborted = () => reject(request.signal.reason);
        if (request.signal.aborted) aborted();
        request.signal.addEventListener("abort", aborted);
        Promise.resolve(respond(new URL(request.url), request, index)).then(resolve, reject);
      });
    } finally {
      underWay--;
    }
  };
  return Object.assign(fetch, { requests, mostAtOnce: 0 });
}

/** An answer with a JSON body. */
export function json(body, { status = 200, headers = {} } = {}) {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

/** An error response in the form of Human API's. */
export function refusal(status, headers = {}) {
  return json({ statusCode: status, message: `refused for ${status}` }, { status, headers });
}

/** An answer that never arrives. */
export function nothing() {
  return new Promise(() => {});
}

/** Records with ids, newest first. */
export function records(count) {
  return Array.from({ length: count }, (_, index) => ({ id: (count - index).toString(16).padStart(24, "0") }));
}

/** Answers for a list in Human API's pages: `limit` and `offset`, Link with brackets and no space, X-Total-Count. */
export function paged(list) {
  return (url) => {
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const at = (position) => {
      const target = new URL(url);
      target.searchParams.set("offset", String(Math.max(0, position)));
      return target.href;
    };
    const links = [];
    if (offset > 0) links.push(`<${at(0)}>; rel="first"`, `<${at(offset - limit)}>; rel="prev"`);
    if (offset + limit < list.length) {
      links.push(`<${at(offset + limit)}>; rel="next"`, `<${at(list.length - (list.length % limit))}>; rel="last"`);
    }
    const headers = { "x-total-count": String(list.length) };
    if (links.length > 0) headers.link = links.join(",");
    return json(list.slice(offset, offset + limit), { headers });
  };
}
