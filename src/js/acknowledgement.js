// What an answer says of a request that it acknowledges. How the API words that something failed is not documented, so every usual
// way of saying so counts, anywhere near the top: what was refused must not be taken for accepted.

/** Members that tell what went wrong: fine only where there is nothing in them. */
const COMPLAINTS = ["error", "errors", "failed", "failure", "failures", "rejected", "invalid", "exception"];
/** Members that are fine unless they say no. */
const OUTCOMES = ["success", "successful", "succeeded", "ok", "accepted", "acknowledged"];
/** Members that name an outcome, or have a status as in HTTP. */
const STATES = ["status", "statuscode", "state", "result", "outcome", "code"];
const WORDS = /^(error|err|fail(ed|ure)?|rejected|refused|denied|invalid|unauthori[sz]ed|forbidden|false|no)$/iu;

/** Answers to samples are shallow; whatever is further down is not about the request as a whole. */
const DEPTH = 4;

/** Whether a JSON document says that something failed. */
export function saysFailed(document, depth = 0) {
  if (typeof document === "string") return depth === 0 && WORDS.test(document.trim());
  if (typeof document !== "object" || document === null) return depth === 0 && document === false;
  if (depth > DEPTH) return false;
  return Object.entries(document).some(([key, value]) => isFailure(key.toLowerCase(), value) || saysFailed(value, depth + 1));
}

function isFailure(key, value) {
  if (COMPLAINTS.includes(key)) return !isNothing(value);
  if (OUTCOMES.includes(key)) return value === false || (typeof value === "string" && WORDS.test(value.trim()));
  if (!STATES.includes(key)) return false;
  const status = Number(value);
  return value === false || (typeof value === "string" && WORDS.test(value.trim())) || (status >= 400 && status <= 599);
}

function isNothing(value) {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value || value === "0" || value === "false" || value === "none";
}
