// See your data: the latest readings, one type over a time, its picture, the records behind it.

import type { HumanClient } from "humansync/slim/read";
import { record } from "../events.ts";
import { reader } from "../reader.ts";
import { Recovery } from "../recovery.ts";
import { onConnect, type Session, session, wasConnected } from "../session.ts";
import { failureOf } from "../trouble.ts";
import { byId, h, say, throttled } from "../ui/dom.ts";
import { counted, number } from "../ui/words.ts";
import { latestOf, showCards } from "./cards.ts";
import type { Drawn } from "./charts/drawn.ts";
import { csv, ndjson, save } from "./download.ts";
import { type Any, type Kind, KINDS } from "./kinds.ts";
import { type Days, Reading } from "./reading.ts";
import { inWords } from "./summary.ts";
import { Table } from "./table.ts";
import { DAY, dayOf, wallOfDay } from "./time.ts";

/** Pictures are drawn again at most so often while records come in. */
const REDRAW = 300;
/** Shorter waits of the client are not worth a word. */
const WORTH_TELLING = 1_500;

export class ExplorePanel {
  readonly #table = new Table();
  readonly #kind = byId<HTMLSelectElement>("kind");
  readonly #range = byId<HTMLSelectElement>("range");
  readonly #from = byId<HTMLInputElement>("from");
  readonly #to = byId<HTMLInputElement>("to");
  readonly #recovery = new Recovery("reading", () => void this.#goOn());
  readonly #redraw = throttled(REDRAW, () => this.#show());
  #client: HumanClient | undefined;
  #reading: Reading | undefined;
  #drawn: { drawn: Drawn; kind: Kind } | undefined;
  /** Wall-clock milliseconds that ranges are counted back from. */
  #anchor = Date.now();
  #day: number | undefined;

  constructor() {
    this.#fillKinds();
    this.#setDays();
    this.#range.addEventListener("change", () => {
      this.#setDays();
      if (this.#range.value !== "days") this.#start();
    });
    this.#kind.addEventListener("change", () => this.#start());
    for (const input of [this.#from, this.#to]) input.addEventListener("change", () => (this.#range.value = "days"));
    byId("load").addEventListener("click", () => this.#start());
    byId("cancel").addEventListener("click", () => this.#cancel());
    byId("csv").addEventListener("click", () => this.#save("csv"));
    byId("ndjson").addEventListener("click", () => this.#save("ndjson"));
    onConnect((now) => void this.#connect(now));
    if (wasConnected()) void this.#connect(session());
  }

  /** With a new token: the summary first, then what is chosen, or the rest of what was being read. */
  async #connect({ server, token }: Session): Promise<void> {
    const unfinished = this.#reading !== undefined && !this.#reading.done && !this.#reading.cancelled ? this.#reading : undefined;
    this.#client?.close();
    this.#client = undefined;
    say(byId("connection-state"), "Connecting …");
    try {
      const { HumanClient } = await reader();
      const client = new HumanClient({ accessToken: token, baseUrl: server, onEvent: (event) => this.#onEvent(event) });
      this.#client = client;
      const [summary, sources] = await Promise.all([client.summary(), client.sources()]);
      if (this.#client !== client) return;
      this.#recovery.well();
      showCards(summary, (kind) => this.#open(kind));
      this.#anchor = latestOf(summary) ?? Date.now();
      if (this.#range.value !== "days") this.#setDays();
      const names = [...new Set(sources.map(({ sourceName }) => sourceName))];
      say(byId("connection-state"), `Connected. Data from ${named(names)}.`);
      byId<HTMLButtonElement>("load").disabled = false;
      if (unfinished === undefined) this.#start();
      else void this.#goOn();
    } catch (error) {
      if (session().token !== token) return;
      say(byId("connection-state"), "Not connected.");
      this.#fail(error);
    }
  }

  #open(kind: Kind): void {
    this.#kind.value = kind.id;
    this.#start();
    byId("figure").scrollIntoView({ block: "nearest" });
  }

  /** Reads what is chosen, from the beginning. */
  #start(): void {
    if (this.#client === undefined) return;
    this.#reading?.cancel();
    const kind = KINDS.find(({ id }) => id === this.#kind.value);
    if (kind === undefined) return;
    const days = this.#days(kind);
    if (days !== undefined && days.startDate > days.endDate) {
      say(byId("read-state"), "The first day is after the last one.");
      return;
    }
    this.#reading = new Reading(kind, days);
    this.#day = undefined;
    this.#show();
    void this.#goOn();
  }

  /** Reads on where it stands: also after a failure. */
  async #goOn(): Promise<void> {
    const [client, reading] = [this.#client, this.#reading];
    // The failure came before anything could be read.
    if (client === undefined || reading === undefined) return this.#connect(session());
    byId<HTMLButtonElement>("cancel").disabled = false;
    try {
      await reading.run(client, () => {
        this.#recovery.answered();
        this.#redraw();
      });
    } catch (error) {
      if (this.#reading === reading) this.#fail(error);
    }
    if (this.#reading !== reading) return;
    byId<HTMLButtonElement>("cancel").disabled = reading.done || reading.cancelled;
    this.#redraw();
    this.#redraw.flush();
  }

  #cancel(): void {
    this.#reading?.cancel();
    this.#recovery.well();
    byId<HTMLButtonElement>("cancel").disabled = true;
    this.#redraw();
  }

  #fail(error: unknown): void {
    this.#recovery.from(failureOf(error));
    if (failureOf(error).kind === "unauthorized") byId("token").focus();
  }

  #onEvent(event: Parameters<typeof record>[1]): void {
    record("read", event);
    if (event.type === "retry" && event.delayMs >= WORTH_TELLING) this.#recovery.waiting(event.reason, Date.now() + event.delayMs);
    if (event.type === "response" && event.status < 400) this.#recovery.answered();
  }

  /** All that depends on the records. */
  #show(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const { kind, records, total, done } = reading;
    const progress = byId<HTMLProgressElement>("read-progress");
    progress.max = Math.max(total ?? records.length, 1);
    progress.value = done ? progress.max : records.length;
    say(byId("read-state"), this.#stateOf(reading));
    say(byId("chart-title"), kind.title);
    say(byId("chart-summary"), done || records.length > 0 ? inWords(kind.picture, records) : "Reading …");
    for (const id of ["csv", "ndjson"]) byId<HTMLButtonElement>(id).disabled = records.length === 0;
    this.#showTable();
    void this.#draw(kind, records);
  }

  #stateOf({ records, total, done, cancelled }: Reading): string {
    if (done) return `${counted(records.length, "record")} read, all there are.`;
    const share = total === undefined ? "" : ` of ${number(total)}`;
    return cancelled ? `Cancelled: ${number(records.length)}${share} records read.` : `${number(records.length)}${share} records read …`;
  }

  #showTable(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const { picture, columns } = reading.kind;
    const day = this.#day;
    const chosen = day === undefined || picture?.form !== "calendar" ? undefined : reading.records.filter((record) => picture.day(record) === day);
    this.#table.show(columns, chosen ?? reading.records, chosen === undefined || day === undefined ? "" : ` on ${dayOf(day)}`);
  }

  async #draw(kind: Kind, records: readonly Any[]): Promise<void> {
    const host = byId("chart");
    if (this.#drawn?.kind !== kind) {
      this.#drawn?.drawn.destroy();
      this.#drawn = undefined;
      host.replaceChildren();
      if (kind.picture === undefined) return;
      const { draw } = await import("./charts/draw.ts");
      // Another type may have been chosen meanwhile, or this one drawn by a call that came later.
      if (this.#reading?.kind !== kind) return;
      if (this.#drawn === undefined) {
        const onDay = (day: number | undefined): void => {
          this.#day = day;
          this.#showTable();
        };
        this.#drawn = { drawn: draw(host, kind.picture, kind.title, onDay), kind };
      }
    }
    this.#drawn?.drawn.update(this.#reading?.records ?? records);
  }

  #days(kind: Kind): Days | undefined {
    if (!kind.byDays || this.#range.value === "all") return undefined;
    return { startDate: this.#from.value, endDate: this.#to.value };
  }

  /** The two days, as the range has them. */
  #setDays(): void {
    const days = Number(this.#range.value);
    if (this.#range.value === "days") return;
    const last = dayOf(this.#anchor);
    this.#to.value = last;
    this.#from.value = Number.isNaN(days) ? "" : dayOf(wallOfDay(last) - (days - 1) * DAY);
    if (Number.isNaN(days)) this.#to.value = "";
  }

  #fillKinds(): void {
    for (const group of new Set(KINDS.map(({ group }) => group))) {
      const options = KINDS.filter((kind) => kind.group === group).map(({ id, title }) => h("option", { value: id }, title));
      this.#kind.append(h("optgroup", { label: group }, ...options));
    }
  }

  #save(format: "csv" | "ndjson"): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const name = [reading.kind.id, reading.days?.startDate, reading.days?.endDate].filter(Boolean).join("_");
    if (format === "csv") save(`${name}.csv`, "text/csv", csv(reading.records));
    else save(`${name}.ndjson`, "application/x-ndjson", ndjson(reading.records));
  }
}

/** The first of them, and how many more. */
function named(names: readonly string[]): string {
  if (names.length === 0) return "no source yet";
  const [first, rest] = [names.slice(0, 3).join(", "), names.length - 3];
  return rest > 0 ? `${first} and ${counted(rest, "other source")}` : first;
}
