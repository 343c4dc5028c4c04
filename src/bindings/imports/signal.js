// Signals of the caller: the platform's, or those of a polyfill.

import { quietly } from "./quietly.js";

/**
 * Calls `act` once the signal is aborted, at once where it is already. Returns a function that ends this: `act` is not called after it, even
 * by a polyfill that cannot remove listeners.
 * @type {(signal: AbortSignal, act: () => void) => () => void}
 */
export function onAbort(signal, act) {
  let isOpen = true;
  const listener = () => {
    if (isOpen) act();
  };
  const end = () => {
    isOpen = false;
    quietly(() => signal.removeEventListener("abort", listener));
  };
  try {
    if (signal.aborted) act();
    else signal.addEventListener("abort", listener);
  } catch (error) {
    end();
    throw error;
  }
  return end;
}

/** The reason that an aborted call rejects with; polyfills may have none. @type {(signal: AbortSignal) => unknown} */
export function abortReason(signal) {
  try {
    const { reason } = signal;
    return reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
  } catch (error) {
    return error;
  }
}
