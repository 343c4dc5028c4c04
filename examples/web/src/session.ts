// The connection of this tab. The token is stored for this tab only, so that a reload does not ask for it again.

import { byId } from "./ui/dom.ts";

const KEY = "humansync token";
const DEMO = "demo";

export interface Session {
  readonly server: string;
  readonly token: string;
}

const listeners = new Set<(session: Session) => void>();
let current: Session = { server: __SERVER__, token: kept() ?? DEMO };

export const session = (): Session => current;

/** Whether somebody has connected in this tab before. */
export const wasConnected = (): boolean => kept() !== undefined;

/** Uses this token from now on. */
export function connectWith(token: string): void {
  current = { ...current, token };
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Without storage, the page asks for the token again after a reload.
  }
  for (const listener of listeners) listener(current);
}

/** Focuses the field of the token, unless the focus is elsewhere in the page. */
export function focusToken(): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body || activeElement.closest("#connection, .notice, .bar") !== null) byId("token").focus();
}

export function onConnect(listener: (session: Session) => void): void {
  listeners.add(listener);
}

function kept(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
