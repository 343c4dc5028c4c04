// The person to whom a token belongs. A token may expire and be replaced in the middle of a file, but the person stays
// the same, so that the stored state of sending is kept by person.

import { record } from "./events.ts";
import { reader } from "./reader.ts";
import type { Session } from "./session.ts";

let known: { token: string; person: Promise<string> } | undefined;

/** The id of the token's person, which is requested once. */
export function personOf(session: Session): Promise<string> {
  if (known?.token !== session.token) {
    const person = ask(session);
    known = { token: session.token, person };
    // After a failure, the next call requests it again.
    person.catch(() => {
      if (known?.person === person) known = undefined;
    });
  }
  return known.person;
}

async function ask({ server, token }: Session): Promise<string> {
  const { HumanClient } = await reader();
  const client = new HumanClient({ accessToken: token, baseUrl: server, onEvent: (event) => record("read", event) });
  try {
    return (await client.profile()).humanId;
  } finally {
    client.close();
  }
}
