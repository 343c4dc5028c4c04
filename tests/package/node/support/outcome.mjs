// What becomes of a call, however it is reported.

/** The error of `call`: thrown, rejected, or given when the list that it returned is read. */
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
