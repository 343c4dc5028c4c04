// AppClient: the data of all users of an app.

/// <reference lib="esnext.disposable" preserve="true" />
import { Calls, constructing, disposable } from "./calls.js";
import type { AppClient as CoreAppClient } from "./core/humansync.js";
import { app, loadedFor } from "./loading.js";
import { pagesOf } from "./pages.js";
import { syncOf, windowOf } from "./sync.js";
import type { AppUser, BatchQuery, BatchRecord, BatchType } from "./types/batch.js";
import type { CallOptions, ClientOptions, Secret } from "./types/client-options.js";
import type { Pages } from "./types/pages.js";
import type { Delta, KnownRecord, MissingOptions, Sync, SyncOptionsOf, SyncWindow, SyncWindowOptions, WindowPlanOptions } from "./types/sync.js";

export interface AppClientOptions extends ClientOptions {
  /** The app's client id, as the developer portal shows it. */
  clientId: string;
  /** The App Key: it opens every user's data, and is sent by HTTP Basic, to this client's server and below the app's path only. */
  appKey: Secret;
  /** Version of the API, a part of its path. Default `"v1"`. */
  version?: string | undefined;
  /** Unless this is true, an AppClient refuses to be built where others can read its App Key: in a page, its Workers, an extension. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/**
 * Reads the data of all users of an app, on a server.
 *
 * ```js
 * import { AppClient } from "humansync";
 * import { createStore } from "humansync/stores/file";
 *
 * const client = new AppClient({ clientId, appKey: process.env.APP_KEY });
 * const sync = client.sync({ store: await createStore("positions"), since: "2024-01-01T00:00:00Z" });
 * await sync.run(async ({ type, records }) => database.upsert(type, records));
 * ```
 * @throws {OptionError} where an option is not valid, and in a browser: see `dangerouslyAllowBrowser`.
 */
export class AppClient {
  static readonly #calls = new Calls(this, "AppClient", (client: AppClient) => client.#core);
  readonly #core: CoreAppClient;

  constructor(options: AppClientOptions) {
    const { AppClient: Core } = loadedFor("AppClient", app);
    this.#core = constructing(new.target, () => new Core(options));
  }

  /** All users of the app. One request, however many there are: the API does not page this list. */
  users(options?: CallOptions): Pages<AppUser> {
    return AppClient.#calls.direct(this, "users", (core) => pagesOf<AppUser>(core.users(options)));
  }

  /** One user. Rejects with NotFoundError where there is none. */
  user(humanId: string, options?: CallOptions): Promise<AppUser> {
    return AppClient.#calls.promise(this, "user", (core) => core.user(humanId, options));
  }

  /** Deletes a user, and all of the user's data at Human API. Rejects with NotFoundError where there is no such user. */
  deleteUser(humanId: string, options?: CallOptions): Promise<void> {
    return AppClient.#calls.promise(this, "deleteUser", (core) => core.deleteUser(humanId, options));
  }

  /**
   * One query over all users, from `updatedSince` to `updatedBefore`, or to now. More than 31 days, the most that the API takes,
   * become several requests, without a gap; a record that is in two of them comes once. `offset`, `totalCount` and `links` of a
   * page are those of its own request.
   */
  batch<K extends BatchType>(type: K, query: BatchQuery): Pages<BatchRecord<K>> {
    return AppClient.#calls.direct(this, "batch", (core) => pagesOf<BatchRecord<K>>(core.batch(type, query)));
  }

  /** Keeps types up to date: each run goes on from where the store, or the checkpoints in `from`, say that the last one ended. Nothing is
   *  sent before it is iterated or run. */
  sync(options: SyncOptionsOf<BatchType>): Sync {
    return AppClient.#calls.direct(this, "sync", (core) => syncOf(core.sync(options)));
  }

  /**
   * Divides what is not read yet into windows: work that any process can do, in any order, with `window`. They come in the order of time, and
   * together they are everything from `since` on that is not in `covered`, up to a minute before the server's clock: in what is older, nothing
   * is updated any more, as updates get a later time. So plan again every few minutes, with what is done in `covered`.
   *
   * A window has at most `windowRecords` records, as far as time allows (ten seconds are not divided), and is less than 31 days long. One
   * without records is planned as well. It takes about one request for each window, for its total; if the server tells none, windows are as
   * long as can be, and `expected` is undefined.
   * @throws {OptionError} where an option is not valid: for an interval of `covered` its name is like `covered[3]`.
   */
  plan(type: BatchType, options: WindowPlanOptions): Promise<SyncWindow[]> {
    return AppClient.#calls.promise(this, "plan", (core) => core.plan(type, options));
  }

  /**
   * Which of the records that you have the server has no more: the API does not tell of deletions. `known` is all that you have of the type, in
   * any order, of any length: it is read once, and not kept. Resolves with copies (`id` and `humanId`) of those that are missing.
   *
   * **`since` has to be the `since` of your first sync, or earlier.** A record that was updated before it is taken for missing. So is one whose
   * `updatedAt` is more than a year ahead of the server's clock.
   *
   * It reads the whole list, which takes as many requests as the first sync, and once more if anything seems to be missing. It needs 16 bytes
   * of memory for each record that the server has, and about as much again for the table that they are found in. Records that are updated, and that you get, meanwhile are recognised. A record
   * that is deleted after the call has begun may be reported or not.
   *
   * If there is any doubt, nothing is reported: it rejects with a ProtocolError, with the code `count-short` (the list has fewer records than
   * its total), `order-changes`, `list-changes` (faster than it can be read), `no-ids` (the server has a record without an id), or
   * `clock-unknown` (the answers have no `Date`, or contradictory ones).
   * @throws {OptionError} where an option is not valid, and for `genetic_traits`, which have no ids. Rejects with one where an element of
   *   `known` is not valid; its name is like `known[17]`.
   */
  missing<K extends BatchType>(type: K, known: Iterable<KnownRecord> | AsyncIterable<KnownRecord>, options: MissingOptions): Promise<KnownRecord[]> {
    return AppClient.#calls.promise(this, "missing", (core) => core.missing(type, known, options));
  }

  /**
   * Walks one window by itself, from a `checkpoint` of it on: work that any process can do, in any order. Store the `checkpoint` of each
   * delta with its records. The last delta may have no records: with its checkpoint the window is done, and another walk from there sends
   * nothing. A window that is not over yet by the server's clock ends with a ProtocolError (`window-not-over`).
   *
   * Nothing is sent before it is iterated; each iteration begins at `checkpoint`.
   * @throws {OptionError} where the window is 31 days long or longer, or has fractions of a second, and where the checkpoint is one of
   *   another window, type or client.
   */
  window<K extends BatchType>(window: SyncWindow & { type: K }, options?: SyncWindowOptions): AsyncIterable<Delta<K>> {
    return AppClient.#calls.direct(this, "window", (core) => windowOf<K>(core.window(window, options)));
  }

  /** Ends what is in flight, and refuses all that follows. */
  close(): void {
    AppClient.#calls.direct(this, "close", (core) => core.close());
  }
}

export interface AppClient {
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}
disposable(AppClient);
