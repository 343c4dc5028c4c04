// The panel for exploring data: the latest readings, and for one type and time the picture and its records.

import type { HumanClient } from "humansync/slim/read";
import { record } from "../events.ts";
import { personOf } from "../person.ts";
import { reader } from "../reader.ts";
import { Recovery } from "../recovery.ts";
import { focusToken, onConnect, type Session, session, wasConnected } from "../session.ts";
import { failureOf } from "../failures.ts";
import { byId, enable, h, say, throttled } from "../ui/dom.ts";
import { counted, number } from "../ui/words.ts";
import { latestOf, showCards } from "./cards.ts";
import type { Drawn } from "./charts/picture.ts";
import { csvParts, ndjsonParts, saveParts } from "./download.ts";
import { type Any, type Kind, KINDS } from "./kinds.ts";
import { type Days, Reading } from "./reading.ts";
import { inWords } from "./summary.ts";
import { Table } from "./table.ts";
import { DAY, dayOf, wallOfDay } from "./time.ts";

/** The shortest time between two drawings of a picture while records arrive, in milliseconds. */
const REDRAW = 300;
/** Waits of the client below this length, in milliseconds, are not shown. */
const WORTH_TELLING = 1_500;

export class ExplorePanel {
  readonly #table = new Table();
  readonly #kind = byId<HTMLSelectElement>("kind");
  readonly #range = byId<HTMLSelectElement>("range");
  readonly #from = byId<HTMLInputElement>("from");
  readonly #to = byId<HTMLInputElement>("to");
  readonly #recovery = new Recovery("reading", () => void this.#goOn());
  readonly #redraw = throttled(REDRAW, () => this.#show());
  /** Counts the attempts to connect, so that only the latest one takes effect. */
  #attempt = 0;
  #client: HumanClient | undefined;
  #person: string | undefined;
  #reading: Reading | undefined;
  #drawn: { drawn: Drawn; reading: Reading } | undefined;
  /** The wall-clock time, in milliseconds, from which ranges are counted back. */
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

  /**
   * Shows the summary first, and then reads the chosen type, or continues reading if the person is the same. Records of
   * two people are never in one list.
   */
  async #connect(now: Session): Promise<void> {
    const attempt = ++this.#attempt;
    this.#recovery.pause();
    this.#reading?.suspend();
    this.#client?.close();
    this.#client = undefined;
    byId<HTMLButtonElement>("load").disabled = true;
    say(byId("connection-state"), "Connecting …");
    let client: HumanClient | undefined;
    try {
      const { HumanClient } = await reader();
      client = new HumanClient({ accessToken: now.token, baseUrl: now.server, onEvent: (event) => this.#onEvent(event) });
      const [summary, sources, person] = await Promise.all([client.summary(), client.sources(), personOf(now)]);
      if (attempt !== this.#attempt) return client.close();
      this.#client = client;
      this.#recovery.well();
      const names = [...new Set(sources.map(({ sourceName }) => sourceName))];
      say(byId("connection-state"), `Connected. Data from ${named(names)}.`);
      showCards(summary, (kind) => this.#open(kind));
      this.#anchor = latestOf(summary) ?? Date.now();
      if (this.#range.value !== "days") this.#setDays();
      byId<HTMLButtonElement>("load").disabled = false;
      const samePerson = person === this.#person;
      this.#person = person;
      if (samePerson && this.#reading?.open === true) void this.#goOn();
      else this.#start();
    } catch (error) {
      client?.close();
      if (attempt !== this.#attempt) return;
      say(byId("connection-state"), "Not connected.");
      this.#fail(error);
    }
  }

  #open(kind: Kind): void {
    this.#kind.value = kind.id;
    this.#start();
    byId("figure").scrollIntoView({ block: "nearest" });
  }

  /** Reads the chosen type and time from the beginning. */
  #start(): void {
    if (this.#client === undefined) return;
    const kind = KINDS.find(({ id }) => id === this.#kind.value);
    if (kind === undefined) return;
    const days = this.#days(kind);
    const wrong = days === undefined ? "" : wrongDays(days);
    for (const input of [this.#from, this.#to]) input.setAttribute("aria-invalid", String(wrong !== ""));
    if (wrong !== "") {
      say(byId("read-state"), wrong);
      return say(byId("read-news"), wrong);
    }
    this.#reading?.cancel();
    this.#reading = new Reading(kind, days);
    this.#day = undefined;
    // A new picture is made, because the zoom of the old one was for another time.
    this.#drawn?.drawn.destroy();
    this.#drawn = undefined;
    this.#recovery.well();
    say(byId("read-news"), `Reading ${kind.title}.`);
    this.#show();
    void this.#goOn();
  }

  /** Continues reading from the current position, also after a failure. */
  async #goOn(): Promise<void> {
    const [client, reading] = [this.#client, this.#reading];
    // The failure happened before there was a client.
    if (client === undefined || reading === undefined) return this.#connect(session());
    byId<HTMLButtonElement>("cancel").disabled = false;
    try {
      await reading.run(client, () => {
        this.#recovery.answered();
        this.#redraw();
      });
    } catch (error) {
      if (this.#reading === reading && this.#client === client) this.#fail(error);
    }
    if (this.#reading !== reading) return;
    enable("cancel", reading.open, "load");
    if (!reading.open) say(byId("read-news"), this.#stateOf(reading));
    this.#redraw();
    this.#redraw.flush();
  }

  #cancel(): void {
    this.#reading?.cancel();
    this.#recovery.well();
    enable("cancel", false, "load");
    this.#redraw();
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    this.#recovery.from(failure);
    if (failure.kind === "unauthorized") focusToken();
  }

  #onEvent(event: Parameters<typeof record>[1]): void {
    record("read", event);
    if (event.type === "retry" && event.delayMs >= WORTH_TELLING) this.#recovery.waiting(event.reason, Date.now() + event.delayMs);
    if (event.type === "response" && event.status < 400) this.#recovery.answered();
  }

  /** Shows everything that depends on the records. */
  #show(): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    const { kind, records, total, done } = reading;
    const progress = byId<HTMLProgressElement>("read-progress");
    progress.max = Math.max(total ?? records.length, 1);
    if (total === undefined && reading.open && records.length > 0) progress.removeAttribute("value");
    else progress.value = done ? progress.max : Math.min(records.length, progress.max);
    say(byId("read-state"), this.#stateOf(reading));
    say(byId("chart-title"), kind.title);
    say(byId("chart-summary"), done || records.length > 0 ? inWords(kind.picture, records) : "Reading …");
    for (const id of ["csv", "ndjson"]) byId<HTMLButtonElement>(id).disabled = records.length === 0;
    this.#showTable();
    void this.#draw(reading).catch(() => say(byId("chart-summary"), "The picture could not be drawn; the table has all records."));
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

  async #draw(reading: Reading): Promise<void> {
    const { picture, title } = reading.kind;
    if (picture === undefined) return;
    if (this.#drawn?.reading !== reading) {
      const charts = await import("./charts/draw.ts").catch(() => undefined);
      // In the meantime another type may have been chosen, or a later call may have drawn the picture.
      if (this.#reading !== reading) return;
      if (charts === undefined) return say(byId("chart-summary"), "The picture could not be loaded. Read again to try once more; the table has all records.");
      if (this.#drawn?.reading !== reading) {
        const onDay = (day: number | undefined): void => {
          this.#day = day;
          this.#showTable();
        };
        this.#drawn = { drawn: charts.draw(byId("chart"), picture, title, onDay), reading };
      }
    }
    this.#drawn?.drawn.update(reading.records);
  }

  #days(kind: Kind): Days | undefined {
    const none = this.#from.value === "" && this.#to.value === "";
    if (!kind.byDays || this.#range.value === "all" || none) return undefined;
    return { startDate: this.#from.value, endDate: this.#to.value };
  }

  /** Sets the two days to the chosen range. */
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
    // A copy, because more records may arrive during the download.
    const records = [...reading.records];
    if (format === "csv") void saveParts(`${name}.csv`, "text/csv", csvParts(records));
    else void saveParts(`${name}.ndjson`, "application/x-ndjson", ndjsonParts(records));
  }
}

/** The first names, and the number of the others. */
function named(names: readonly string[]): string {
  if (names.length === 0) return "no source yet";
  const [first, rest] = [names.slice(0, 3).join(", "), names.length - 3];
  return rest > 0 ? `${first} and ${counted(rest, "other source")}` : first;
}

/** A message about what is wrong with two days, or "" if they are valid. */
function wrongDays({ startDate, endDate }: Days): string {
  if (startDate === "" || endDate === "") return "Choose both days, or none of them for everything.";
  return startDate > endDate ? "The first day is after the last one." : "";
}
