// Collects what is told to OpenTelemetry, in memory.

import { ROOT_CONTEXT, context, metrics, trace } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { AsyncLocalStorage } from "node:async_hooks";

/** Gives a function that resolves with all spans and counters so far. */
export async function collect() {
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  context.setGlobalContextManager(contextManager());
  const numbers = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: numbers, exportIntervalMillis: 3_600_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async () => {
    await reader.forceFlush();
    const counters = numbers.getMetrics().at(-1)?.scopeMetrics.flatMap(({ scope, metrics }) =>
      scope.name !== "humansync" ? [] : metrics.flatMap(({ descriptor, dataPoints }) => dataPoints.map(({ attributes, value }) => ({ name: descriptor.name, unit: descriptor.unit, attributes, value }))),
    );
    const own = spans.getFinishedSpans().filter((span) => span.instrumentationScope.name === "humansync");
    return {
      counters,
      spans: own.map((span) => ({ name: span.name, attributes: span.attributes, id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId, failed: span.status.code === 2 })),
    };
  };
}

/** The smallest one there is: what is active follows promises. */
function contextManager() {
  const storage = new AsyncLocalStorage();
  return {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...given) => storage.run(active, () => work.apply(self, given)),
    bind: (active, target) => (typeof target === "function" ? (...given) => storage.run(active, () => target(...given)) : target),
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  };
}

