// The resources: which calls each kind of data has. Their paths are in the catalogue of the WebAssembly.

import { Calls, INTERNAL } from "./calls.js";
import type { Area, Operation } from "./core/humansync.js";
import type { HumanClient } from "./core/read.js";
import { pagesOf } from "./pages.js";
import type { CallOptions } from "./types/client-options.js";
import type { MedicalRecord } from "./types/medical-records.js";
import type { Pages } from "./types/pages.js";
import type { CalendarDate, QueryInit } from "./types/queries.js";
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

/** What one request answers. */
function one<T>({ client, area, name }: Place, operation: Operation, argument?: string, options?: CallOptions): Promise<T> {
  return client.one(area, name, operation, argument, options) as Promise<T>;
}

export function list<T>({ client, area, name }: Place, operation: Operation, argument?: string, query?: QueryInit): Pages<T> {
  return pagesOf(client.pages(area, name, operation, argument, query));
}

/** Calls that have the names of the catalogue. */
class ResourceCalls<Self extends object> extends Calls<Self, Place> {
  one<T>(self: Self, operation: Operation & keyof Self, argument?: string, options?: CallOptions): Promise<T> {
    return this.promise(self, operation, (place) => one<T>(place, operation, argument, options));
  }

  list<T>(self: Self, operation: Operation & keyof Self, argument?: string, query?: QueryInit): Pages<T> {
    return this.direct(self, operation, (place) => list<T>(place, operation, argument, query));
  }
}

/** Calls of a client, or of its medical data. */
export class WholeCalls<Self extends object> extends Calls<Self, Whole> {
  /** What there is one of. */
  single<T>(self: Self, name: string & keyof Self, options: CallOptions | undefined): Promise<T> {
    return this.promise(self, name, (whole) => one<T>({ ...whole, name }, "whole", undefined, options));
  }

  /** A part: the same object every time. */
  part<Part>(self: Self, name: string & keyof Self, kind: new (by: symbol, place: Place) => Part): Part {
    const { client, area, parts } = this.inside(self, name);
    if (!parts.has(name)) parts.set(name, new kind(INTERNAL, { client, area, name }));
    return parts.get(name) as Part;
  }
}

export class DiscreteResource<T> implements types.DiscreteResource<T> {
  static readonly #calls = new ResourceCalls(this, "DiscreteResource", (resource: DiscreteResource<unknown>) => resource.#place);
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = DiscreteResource.#calls.constructed(by, place);
  }

  latest(options?: CallOptions): Promise<T | undefined> {
    return DiscreteResource.#calls.one(this, "latest", undefined, options);
  }

  get(id: string, options?: CallOptions): Promise<T> {
    return DiscreteResource.#calls.one(this, "get", id, options);
  }

  readings(query?: QueryInit): Pages<T> {
    return DiscreteResource.#calls.list(this, "readings", undefined, query);
  }

  reading(id: string, options?: CallOptions): Promise<T> {
    return DiscreteResource.#calls.one(this, "reading", id, options);
  }

  daily(date: CalendarDate, query?: QueryInit): Pages<T> {
    return DiscreteResource.#calls.list(this, "daily", date, query);
  }
}

/** Heart rates alone have both readings and summaries. */
export class HeartRateResource<T, S> implements types.DiscreteResource<T>, types.SummaryResource<S> {
  static readonly #calls = new ResourceCalls(this, "HeartRateResource", (resource: HeartRateResource<unknown, unknown>) => resource.#place);
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = HeartRateResource.#calls.constructed(by, place);
  }

  latest(options?: CallOptions): Promise<T | undefined> {
    return HeartRateResource.#calls.one(this, "latest", undefined, options);
  }

  get(id: string, options?: CallOptions): Promise<T> {
    return HeartRateResource.#calls.one(this, "get", id, options);
  }

  readings(query?: QueryInit): Pages<T> {
    return HeartRateResource.#calls.list(this, "readings", undefined, query);
  }

  reading(id: string, options?: CallOptions): Promise<T> {
    return HeartRateResource.#calls.one(this, "reading", id, options);
  }

  daily(date: CalendarDate, query?: QueryInit): Pages<T> {
    return HeartRateResource.#calls.list(this, "daily", date, query);
  }

  summaries(query?: QueryInit): Pages<S> {
    return HeartRateResource.#calls.list(this, "summaries", undefined, query);
  }

  summary(dateOrId: string, options?: CallOptions): Promise<S> {
    return HeartRateResource.#calls.one(this, "summary", dateOrId, options);
  }
}

export class PeriodicResource<T, S> implements types.PeriodicResource<T, S> {
  static readonly #calls = new ResourceCalls(this, "PeriodicResource", (resource: PeriodicResource<unknown, unknown>) => resource.#place);
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = PeriodicResource.#calls.constructed(by, place);
  }

  list(query?: QueryInit): Pages<T> {
    return PeriodicResource.#calls.list(this, "list", undefined, query);
  }

  get(id: string, options?: CallOptions): Promise<T> {
    return PeriodicResource.#calls.one(this, "get", id, options);
  }

  daily(date: CalendarDate, query?: QueryInit): Pages<T> {
    return PeriodicResource.#calls.list(this, "daily", date, query);
  }

  summaries(query?: QueryInit): Pages<S> {
    return PeriodicResource.#calls.list(this, "summaries", undefined, query);
  }

  summary(dateOrId: string, options?: CallOptions): Promise<S> {
    return PeriodicResource.#calls.one(this, "summary", dateOrId, options);
  }
}

export class ListResource<T> implements types.ListResource<T> {
  static readonly #calls = new ResourceCalls(this, "ListResource", (resource: ListResource<unknown>) => resource.#place);
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = ListResource.#calls.constructed(by, place);
  }

  list(query?: QueryInit): Pages<T> {
    return ListResource.#calls.list(this, "list", undefined, query);
  }

  get(id: string, options?: CallOptions): Promise<T> {
    return ListResource.#calls.one(this, "get", id, options);
  }
}

export class CcdResource implements types.CcdResource {
  static readonly #calls = new ResourceCalls(this, "CcdResource", (resource: CcdResource) => resource.#place);
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = CcdResource.#calls.constructed(by, place);
  }

  list(query?: QueryInit): Pages<MedicalRecord> {
    return CcdResource.#calls.list(this, "list", undefined, query);
  }

  get(id: string, options?: CallOptions): Promise<MedicalRecord> {
    return CcdResource.#calls.one(this, "get", id, options);
  }

  raw(id: string, options?: CallOptions): Promise<string> {
    return CcdResource.#calls.one(this, "raw", id, options);
  }
}
