// The public classes and functions: what comes out of Rust, made into what JavaScript's users expect.

import * as core from "./core/humansync.js";
import { define, located } from "./classes.js";
import { makeSync } from "./deltas.js";
import { requireLoaded } from "./loading.js";
import { makePages } from "./pages.js";
import { members } from "./resources.js";
import { createStore } from "./stores/memory.js";

export class HumanClient {
  constructor(options) {
    requireLoaded("HumanClient");
    try {
      adopt(new core.HumanClient(options), this);
    } catch (error) {
      throw located(error, new.target);
    }
  }
}

const close = (client) => client.close();
const ends = { close };
// Older engines do not know `using`.
if (Symbol.dispose !== undefined) ends[Symbol.dispose] = close;

const adopt = define("HumanClient", { ...members, plain: { ...members.plain, ...ends } }, HumanClient.prototype);

export class AppClient {
  constructor(options) {
    requireLoaded("AppClient");
    try {
      adoptApp(new core.AppClient(options), this);
    } catch (error) {
      throw located(error, new.target);
    }
  }
}

const adoptApp = define(
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

export class SampleUploader {
  constructor(options) {
    requireLoaded("SampleUploader");
    try {
      adoptUploader(new core.SampleUploader(options, createStore()), this);
    } catch (error) {
      throw located(error, new.target);
    }
  }
}

const adoptUploader = define(
  "SampleUploader",
  {
    promising: {
      plan: (uploader, type, source, options) => uploader.plan(type, source, options),
      upload: (uploader, type, source, options) => uploader.upload(type, source, options),
      watermarks: (uploader, type) => uploader.watermarks(type),
      forget: (uploader, type, deviceName) => uploader.forget(type, deviceName),
    },
    plain: ends,
  },
  SampleUploader.prototype,
);

export function queryString(query) {
  requireLoaded("queryString");
  return core.queryString(query);
}

export function parseLinkHeader(value, base) {
  requireLoaded("parseLinkHeader");
  return core.parseLinkHeader(value, base);
}

export function parseRetryAfter(value, now) {
  requireLoaded("parseRetryAfter");
  return core.parseRetryAfter(value, now);
}
