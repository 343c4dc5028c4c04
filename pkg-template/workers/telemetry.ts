// OpenTelemetry: spans and counters through @opentelemetry/api, if it is there. Their names and attributes are in
// docs/workers.md.

import type { ClientEvent } from "../types/client-options.js";
import type { WorkerEvent } from "../types/workers.js";

type Attributes = Record<string, string | number>;
type Counter = keyof typeof COUNTERS;

const COUNTERS = {
  records: ["{record}", "Records that were written, each time that they were"],
  requests: ["{request}", "Requests that were sent"],
  retries: ["{request}", "Requests that were not a call's first"],
  windows: ["{window}", "Windows that changed hands, by what became of them"],
  plans: ["{plan}", "Plans that were made, or failed"],
  pauses: ["{pause}", "Pauses that the server has asked for"],
  holds: ["{hold}", "Times in which this process took no windows"],
} as const;

export class Telemetry {
  readonly #api: typeof import("@opentelemetry/api") | undefined;
  readonly #counters = new Map<Counter, { add(value: number, attributes?: Attributes): void }>();

  private constructor(api: typeof import("@opentelemetry/api") | undefined) {
    this.#api = api;
    const meter = api?.metrics.getMeter("humansync");
    for (const [name, [unit, description]] of Object.entries(COUNTERS)) {
      if (meter !== undefined) this.#counters.set(name as Counter, meter.createCounter(`humansync.${name}`, { unit, description }));
    }
  }

  static async open(): Promise<Telemetry> {
    return new Telemetry(await import("@opentelemetry/api").catch(() => undefined));
  }

  /** Does `work` within a span. Of an error, only the name of its class is kept. */
  async span<T>(name: "plan" | "window" | "delta", attributes: Attributes, work: () => Promise<T>): Promise<T> {
    const api = this.#api;
    if (api === undefined) return work();
    return api.trace.getTracer("humansync").startActiveSpan(`humansync.${name}`, { attributes: prefixed(attributes) }, async (span) => {
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: api.SpanStatusCode.ERROR });
        span.setAttribute("error.type", error instanceof Error ? error.name : (error?.constructor?.name ?? "unknown"));
        throw error;
      } finally {
        span.end();
      }
    });
  }

  count(counter: Counter, value: number, attributes: Attributes = {}): void {
    if (value > 0) this.#counters.get(counter)?.add(value, prefixed(attributes));
  }

  /** Counts what is told. */
  event(event: ClientEvent | WorkerEvent): void {
    if (event.type === "request") {
      this.count("requests", 1);
      if (event.attempt > 1) this.count("retries", 1);
    } else if (event.type === "window") this.count("windows", 1, { type: event.window.type, state: event.state });
    else if (event.type === "plan") this.count("plans", 1, { type: event.of, state: event.state });
    else if (event.type === "hold") this.count("holds", 1);
  }
}

function prefixed(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`humansync.${name}`, value]));
}
