// Whose data it is. A token may expire and be replaced in the middle of a file; the person stays, and so does what is known of them.

import { record } from "./events.ts";
import { reader } from "./reader.ts";
import type { Session } from "./session.ts";

let known: { token: string; person: Promise<string> } | undefined;

/** The id of the person whose token this is; asked for once. */
export function personOf(session: Session): Promise<string> {
  if (known?.token !== session.token) {
    const person = ask(session);
    known = { token: session.token, person };
    // The next one asks again.
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
