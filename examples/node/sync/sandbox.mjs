// For the demo: the sandbox's control endpoints, which no server of Human API has.

import { UsageError } from "../arguments.mjs";

/** Every record of a type in its current state. `whose` is `"app"` or `"person"`. */
export async function dumped(baseUrl, whose, type, signal) {
  const text = await control(baseUrl, `${whose}/dump/${type}`, { signal });
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** Sends `body` to a control endpoint, and returns the answer. */
export async function ordered(baseUrl, path, body, signal) {
  return JSON.parse(await control(baseUrl, path, { method: "POST", body: JSON.stringify(body), signal }));
}

async function control(baseUrl, path, init) {
  const url = `${String(baseUrl).replace(/\/$/, "")}/_sandbox/${path}`;
  if (!URL.canParse(url)) throw new UsageError("Which sandbox? --base-url tells. One to try it with: cargo xtask sandbox");
  let answer;
  try {
    answer = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UsageError(`There is no sandbox at ${baseUrl}: cargo xtask sandbox starts one.`);
  }
  const text = await answer.text();
  if (!answer.ok) throw new UsageError(`${url} answered ${answer.status}: ${text}`);
  return text;
}
