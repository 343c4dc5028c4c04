// Turns errors into messages that say what happens next, for both panels and the Worker.

export type Kind =
  | "offline"
  | "unreachable"
  | "unauthorized"
  | "forbidden"
  | "limited"
  | "server"
  | "quota"
  | "store"
  | "input"
  | "file"
  | "other";

/** An error as plain data, because `postMessage` does not preserve the classes of errors. */
export interface Failure {
  readonly kind: Kind;
  /** The library's message, which contains no secret and no health data. */
  readonly message: string;
  readonly status?: number;
  /** When the server accepts requests again, in milliseconds since the epoch. */
  readonly retryAt?: number;
}

interface ErrorLike {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  option?: unknown;
  status?: unknown;
  retryAt?: unknown;
}

export function failureOf(error: unknown): Failure {
  const { name, message, code, option, status, retryAt } = (error ?? {}) as ErrorLike;
  const failure = {
    kind: kindOf(name, code, option),
    message: typeof message === "string" ? message : String(error),
    ...(typeof status === "number" ? { status } : {}),
    ...(retryAt instanceof Date ? { retryAt: retryAt.getTime() } : {}),
  };
  return failure;
}

function kindOf(name: unknown, code: unknown, option: unknown): Kind {
  switch (name) {
    case "AuthenticationError":
      return "unauthorized";
    case "PermissionError":
      return "forbidden";
    case "RateLimitError":
      return "limited";
    case "ServerError":
      return "server";
    case "ConnectionError":
    case "TimeoutError":
      return navigator.onLine ? "unreachable" : "offline";
    case "StoreError":
      return code === "quota" ? "quota" : "store";
    case "OptionError":
      // A text that cannot be a token is refused before anything is sent.
      return option === "token" || option === "accessToken" ? "unauthorized" : "input";
    default:
      return "other";
  }
}

/** A message for the person. */
export interface Told {
  readonly title: string;
  /** What happens next, or what to do. */
  readonly next: string;
  /** Whether the person has to act, because time does not resolve it. */
  readonly urgent: boolean;
}

/** `doing` names the work that has stopped: "reading" or "sending". */
export function told(failure: Failure, doing: string): Told {
  const again = `${capital(doing)} goes on by itself`;
  switch (failure.kind) {
    case "offline":
      return { title: "You are offline", next: `${again} when the connection is back. Nothing is lost.`, urgent: false };
    case "unreachable":
      return { title: "The server does not answer", next: `${again}. Nothing is lost.`, urgent: false };
    case "limited":
      return { title: "The server asks to wait", next: `${again} when the time is over.`, urgent: false };
    case "server":
      return { title: `The server is in trouble (${failure.status ?? 500})`, next: `${again}. Nothing is lost.`, urgent: false };
    case "unauthorized":
      return {
        title: "The access token is not accepted",
        next: `It may have expired. Give another one above and connect; ${doing} then goes on from here.`,
        urgent: true,
      };
    case "forbidden":
      return { title: "This token may not do that", next: "The server refuses it (403). Another token, or another type, may work.", urgent: true };
    case "quota":
      return {
        title: "This browser has no room left",
        next: `What was sent stays sent and known. Free some space, for example by clearing other sites' data; ${doing} then goes on from here.`,
        urgent: true,
      };
    case "store":
      return { title: "This browser's storage fails", next: failure.message, urgent: true };
    case "input":
      return { title: "This cannot be read", next: failure.message, urgent: true };
    case "file":
      return { title: "The file can no longer be read", next: "It was moved, changed or removed. Choose it again: what was sent of it is known.", urgent: true };
    case "other":
      return { title: "That did not work", next: failure.message, urgent: true };
  }
}

/** Whether time alone may resolve the failure. */
export function mends(failure: Failure): boolean {
  return ["offline", "unreachable", "limited", "server"].includes(failure.kind);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
