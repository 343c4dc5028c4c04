// AppClient, over that of a WebAssembly.

import { define, ends, located } from "./classes.js";
import { makeSync } from "./deltas.js";
import { makePages } from "./pages.js";

export function appClient(Inner, requireLoaded) {
  class AppClient {
    constructor(options) {
      requireLoaded("AppClient");
      try {
        adopt(new Inner(options), this);
      } catch (error) {
        throw located(error, new.target);
      }
    }
  }
  const adopt = define(
    "AppClient",
    {
      promising: {
        user: (app, humanId, options) => app.user(humanId, options),
        deleteUser: (app, humanId, options) => app.deleteUser(humanId, options),
      },
      plain: {
        users: (app, options) => makePages(app.users(options)),
        batch: (app, type, query) => makePages(app.batch(type, query)),
        sync: (app, options) => makeSync(app.sync(options)),
        ...ends,
      },
    },
    AppClient.prototype,
  );
  return AppClient;
}
