// Outcomes of calls, however they are reported.

/** The error of `call`, whether it throws, rejects, or returns a list that fails when it is read. */
export async function failure(call) {
  let answer;
  try {
    answer = await call();
    if (typeof answer?.toArray === "function") answer = await answer.toArray();
  } catch (error) {
    return error;
  }
  throw new Error(`it did not fail, but gave ${typeof answer}`);
}
