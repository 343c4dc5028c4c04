// The resources: which calls each kind of data has. Their paths are in the catalogue of the WebAssembly.

import { Calls, INTERNAL } from "./calls.js";
import type { Area, HumanClient, Operation } from "./core/humansync.js";
import { pagesOf } from "./pages.js";
import type { CallOptions } from "./types/client-options.js";
import type { Pages } from "./types/pages.js";
import type { QueryInit } from "./types/queries.js";
import type * as types from "./types/resources.js";

/** A resource of a client. */
export interface Place {
  readonly client: HumanClient;
  readonly area: Area;
  readonly name: string;
}

/** A client, or its medical data, which have resources as parts. */
export interface Whole {
  readonly client: HumanClient;
  readonly area: Area;
  /** Those that were asked for. */
  readonly parts: Map<string, unknown>;
}

/** The class of a resource. */
type Kind<Resource> = new (by: symbol, place: Place) => Resource;

/** What one request answers. */
function one<T>({ client, area, name }: Place, operation: Operation, argument?: string, options?: CallOptions): Promise<T> {
  return client.one(area, name, operation, argument, options) as Promise<T>;
}

export function list<T>({ client, area, name }: Place, operation: Operation, argument?: string, query?: QueryInit): Pages<T> {
  return pagesOf(client.pages(area, name, operation, argument, query));
}

/** Calls of a client, or of its medical data. */
export class WholeCalls<Self extends object> extends Calls<Self, Whole> {
  /** What there is one of. */
  single<T>(self: Self, name: string & keyof Self, options: CallOptions | undefined): Promise<T> {
    return this.promise(self, name, (whole) => one<T>({ ...whole, name }, "whole", undefined, options));
  }

  /** A part: the same object every time. */
  part<Part>(self: Self, name: string & keyof Self, kind: Kind<Part>): Part {
    const { client, area, parts } = this.inside(self, name);
    if (!parts.has(name)) parts.set(name, new kind(INTERNAL, { client, area, name }));
    return parts.get(name) as Part;
  }
}

/** The calls of resources, as the catalogue names them: what each gives, and whether an argument comes before its options. */
const CALLS = {
  latest: { gives: one, hasArgument: false },
  get: { gives: one, hasArgument: true },
  readings: { gives: list, hasArgument: false },
  reading: { gives: one, hasArgument: true },
  list: { gives: list, hasArgument: false },
  daily: { gives: list, hasArgument: true },
  summaries: { gives: list, hasArgument: false },
  summary: { gives: one, hasArgument: true },
  raw: { gives: one, hasArgument: true },
};

/** A class of resources that has these calls. `name` is written out, for bundlers rename classes. */
function resource<R>(name: string, operations: readonly (keyof R & keyof typeof CALLS)[]): Kind<R> {
  class Resource {
    static readonly #calls = new Calls(this, name, (self: Resource) => self.#place);
    readonly #place: Place;
    [operation: string]: unknown;

    constructor(by: symbol, place: Place) {
      this.#place = Resource.#calls.constructed(by, place);
    }

    static {
      for (const operation of operations) {
        const { gives, hasArgument } = CALLS[operation];
        const methods = {
          [operation](this: Resource, ...given: [string, object?]) {
            const [argument, options] = hasArgument ? given : [undefined, ...given];
            const call = (place: Place) => gives(place, operation, argument as string, options as object);
            return gives === one ? Resource.#calls.promise(this, operation, call as () => Promise<unknown>) : Resource.#calls.direct(this, operation, call);
          },
        };
        Object.defineProperty(this.prototype, operation, { value: methods[operation], configurable: true, writable: true });
      }
    }
  }
  return Resource as unknown as Kind<R>;
}

// `any` stands for the records, which the getters of a client name.
export const DiscreteResource = resource<types.DiscreteResource<any>>("DiscreteResource", ["latest", "get", "readings", "reading", "daily"]);
/** Heart rates alone have both readings and summaries. */
export const HeartRateResource = resource<types.DiscreteResource<any> & types.SummaryResource<any>>("HeartRateResource", [
  "latest",
  "get",
  "readings",
  "reading",
  "daily",
  "summaries",
  "summary",
]);
export const PeriodicResource = resource<types.PeriodicResource<any, any>>("PeriodicResource", ["list", "get", "daily", "summaries", "summary"]);
export const ListResource = resource<types.ListResource<any>>("ListResource", ["list", "get"]);
export const CcdResource = resource<types.CcdResource>("CcdResource", ["list", "get", "raw"]);
