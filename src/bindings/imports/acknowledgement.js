// Whether an acknowledgement says that something failed. How the API words a failure is not documented, so every usual wording
// counts, anywhere near the top: refused samples must not be taken for accepted ones. Names and texts are read word by word, so
// that `FailedRecordCount` and `num_failed` mean the same.

/** Beginnings of words that mean a failure; short words as a whole. */
const FAILURE =
  "(?:err|fail|fault|reject|refus|invalid|exception|violat|problem|malform|corrupt|abort|crash|fatal|panic|discard|dropp|missing|partial|" +
  "incomplet|incorrect|insuffic|wrong|exceed|throttl|forbid|unauth|unprocess|unsuccess|unavail|unable|unaccept|unsaved|unstored|unsent|unsupport|" +
  "den(?:y|ied)|(?:bad|lost|ko|nok|nack|ng)(?= ))[^ ]*";
/** The server wants a sign-in, or another address: nothing was accepted yet. */
const ELSEWHERE = "(?:login|logon|signin|redirect[^ ]*|captive|(?:log|sign) (?:in|on)|auth[^ ]* required)(?= )";
/** Words that mean a failure in texts only: as names of members they are harmless. */
const SAID =
  "(?:not|no|never|cannot|[^ ]+n't|false|required|must|expired?|time ?outs?|timed ?out|limited|quota|too many|gateway|maintenance|offline|" +
  "unknown|unexpected|unrecogni[sz]ed|blocked|disabled|suspended|restricted|oops|sorry|retry|try again|(?:logged|signed) out|(?:http|status|code) [45][0-9][0-9])(?= )";
/** What may stand between a count and what is counted: a few words, so that a search takes a time that grows with the text. */
const BETWEEN = "(?: (?:of|any|an|the|new|other|further|were|was|have|has|been|is|are|samples?|records?|items?|rows?|entries|validation|count|in|[0-9]+)){0,9}?";

const COMPLAINT = new RegExp(` (?:${FAILURE}|${ELSEWHERE}|timed ?out(?= ))`, "u");
const BAD_NEWS = new RegExp(` (?:${FAILURE}|${ELSEWHERE}|${SAID})`, "u");
/** "0 errors", "without any failures", "errors: 0", "no action required". */
const HARMLESS = new RegExp(
  ` (?:0|no|zero|without|none)${BETWEEN} (?:(?:${FAILURE}|issues?|warnings?|duplicates?|conflicts?|changes?)|action(?: is)?(?: required| needed)?)(?= )|` +
    ` ${FAILURE}${BETWEEN} (?:0|no|none|zero|false)(?= $)`,
  "gu",
);

/** Words of success, unless the value is false, or the number is zero. */
const DONE =
  "ok|okay|ack(?:ed)?|acknowledged|accepted|success(?:es|ful|fully)?|succeeded|stored|saved|received|processed|written|persisted|imported|" +
  "ingested|delivered|committed|recorded|loaded|valid|validated|completed?|authenticated|authori[sz]ed|allowed|permitted";
/** Words for one of several ways of success: zero is harmless where another way was taken. */
const CHANGED = "inserted|created|added";
const ACCEPTANCE = new RegExp(` (?:${DONE}|${CHANGED}) `, "u");
const CHANGE = new RegExp(` (?:${CHANGED}|deleted|removed) `, "u");
/** The server had the records before, or replaced those that it had. */
const THERE_ALREADY = / (?:duplicates?|duplicated|exist(?:s|ed|ing)|already|unchanged|updated|upserted|replaced|modified|merged|matched) /u;
const NONE_DONE = new RegExp(` (?:0|no|none|zero)${BETWEEN} (?:${DONE}|${CHANGED}) | (?:${DONE}|${CHANGED})${BETWEEN} (?:0|none|zero) $`, "u");
/** Words of names that tell when, where or who, and not whether. */
const ASIDE = / (?:at|on|by|in|id|date|time|timestamp|until|since|from|url|uri|link|rate|version|ms) /u;

/** Names of outcomes; of numbers as in HTTP; and of texts for people. */
const STATE = / (?:(?:status|state|result|outcome|code)(?:e?s)? |(?:type|kind|level|severity) $)/u;
const BARE = /^ (?:type|kind|level|severity) $/u;
const NUMBERED = / (?:status|state|code)(?:e?s)? /u;
const TEXT = / (?:message|msg|detail|description|reason|title|text|info|note|summary|hint|response)s? $/u;
/** Words of names of codes and texts that are about other things. */
const OF_THINGS = / (?:country|lang|language|locale|zip|postal|area|currency|unit|device|source|activity) /u;
/** An error code such as `E_QUOTA` or `E1`. */
const E_CODE = /^\s*E[-_\d]/u;
const NOTHING = /^ (?:0+|false|none|null|nil|n a|ok|okay|success(?:ful)?)? ?$/u;

/** Answers to samples are shallow; deeper values are not about the request as a whole. */
const DEPTH = 4;
/** So many characters of a text are read. */
const LENGTH = 2000;

/** An answer with more names than this is not one of the API's, and takes too long to judge. */
const NAMES = 100_000;

/** What a member's name says of its value. @typedef {ReturnType<typeof role>} Role */

/** Whether a JSON document says that something failed. @param {unknown} document */
export function saysFailed(document) {
  // An answer may repeat all samples.
  /** @type {Map<string, Role>} */
  const roles = new Map();
  const roleOf = (/** @type {string} */ key) => {
    let known = roles.get(key);
    if (known === undefined && roles.size >= NAMES) return UNJUDGED;
    if (known === undefined) roles.set(key, (known = role(key)));
    return known;
  };

  if (typeof document === "string") return isBadState(document);
  return document === false || within(document, 0);

  /** @param {unknown} value @param {number} depth @returns {boolean} */
  function within(value, depth) {
    if (typeof value !== "object" || value === null || depth > DEPTH) return false;
    if (Array.isArray(value)) {
      return value.some((item) => item === false || (depth === 0 && typeof item === "string" && isBadState(item)) || within(item, depth + 1));
    }
    const members = Object.entries(value);
    const some = (/** @type {"excuses" | "changes"} */ what) => members.some(([key, member]) => roleOf(key)[what] && isSome(member));
    const context = { isTop: depth === 0, isShort: members.length < 3, excuses: some("excuses"), changes: some("changes") };
    return members.some(([key, member]) => isFailure(roleOf(key), member, context) || within(member, depth + 1));
  }

  /** @param {Role} is @param {unknown} member @param {{ isTop: boolean, isShort: boolean, excuses: boolean, changes: boolean }} siblings */
  function isFailure(is, member, siblings) {
    if (is.complains) return !isNothing(member);
    if (is.isNeutral) return false;
    // A record among others may say of itself that it is not deleted.
    if (is.accepts || (is.changes && siblings.isTop && siblings.isShort)) return isNo(member) && !(siblings.excuses || (is.changes && siblings.changes));
    const each = Array.isArray(member) ? member : [member];
    if (is.isState && each.some((one) => one === false || (typeof one === "string" && isBadState(one)))) return true;
    if (is.isNumbered && each.some(isBadStatus)) return true;
    return is.isText && each.some((one) => typeof one === "string" && isBadNews(one));
  }
}

/** @param {string} key */
function role(key) {
  const words = wordsOf(key);
  const negation = words.search(/ (?:not|no|non|never|without) /u);
  const at = (/** @type {RegExp} */ expression) => (words.search(expression) > negation && negation >= 0 ? "negated" : expression.test(words));
  const [complaint, acceptance] = [at(COMPLAINT), !ASIDE.test(words) && at(ACCEPTANCE)];
  const isOfThing = OF_THINGS.test(words);
  const is = {
    complains: complaint === true || acceptance === "negated",
    accepts: complaint === "negated" || (acceptance === true && complaint === false),
    changes: CHANGE.test(words) && !ASIDE.test(words),
    excuses: THERE_ALREADY.test(words),
    isState: !isOfThing && STATE.test(words) && (BARE.test(words) || !/ (?:type|kind|level|severity) $/u.test(words)),
    isNumbered: !isOfThing && NUMBERED.test(words),
    isText: !isOfThing && TEXT.test(words),
  };
  return { ...is, isNeutral: !Object.values(is).includes(true) };
}

/** Of names that are too many: such an answer is taken for a failure. */
const UNJUDGED = role("error");

/** Lower case, with a space around each: names are split where a capital begins a word. @param {string} text */
function wordsOf(text) {
  const split = text.slice(0, LENGTH).replace(/([\p{Ll}\d])(?=\p{Lu})/gu, "$1 ").replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, "$1 ");
  return ` ${(split.toLowerCase().replaceAll("’", "'").match(/[\p{L}\p{N}']+/gu) ?? []).join(" ")} `;
}

/** Whether a text says that something failed, but not one that says that nothing did. @param {string} text */
function isBadNews(text) {
  return text
    .slice(0, LENGTH)
    .replace(/https?:\S+/giu, " ")
    .split(/[,;.!?()|\n]+/u)
    .map((clause) => wordsOf(clause).replace(HARMLESS, ""))
    .some((words) => BAD_NEWS.test(words) || NONE_DONE.test(words));
}

/** @param {string} text */
function isBadState(text) {
  return /^\s*</u.test(text) || E_CODE.test(text) || isBadStatus(text) || isBadNews(text);
}

/** As in HTTP, where these say that nothing was done. @param {unknown} value */
function isBadStatus(value) {
  const status = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof status === "number" && status >= 300 && status <= 599;
}

/** Whether there is nothing in what is a complaint. A number in a list is the place of one. @param {unknown} value @returns {boolean} */
function isNothing(value, depth = 0) {
  if (typeof value === "string") return /^[\s-]*$/u.test(value) || isNothingSaid(wordsOf(value));
  if (typeof value !== "object" || value === null) return !value;
  if (depth > DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => typeof item !== "number" && isNothing(item, depth + 1));
  return Object.values(value).every((member) => isNothing(member, depth + 1));
}

/** @param {string} words */
function isNothingSaid(words) {
  return words.trim() !== "" && NOTHING.test(words.replace(HARMLESS, " "));
}

/** Whether it was not done, or to none. @param {any} value */
function isNo(value) {
  if (typeof value === "string") return /^ (?:0|n|f|null|none) | 0 $/u.test(wordsOf(value)) || isBadNews(value);
  return value === false || value === null || value <= 0 || (Array.isArray(value) && value.length === 0);
}

/** @param {unknown} value */
function isSome(value) {
  return value === true || Number(value) > 0 || (Array.isArray(value) && value.length > 0);
}
