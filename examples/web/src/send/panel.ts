// Bring your data: a file, its plan, and its way to the server. The Worker does the work; here it is told and steered.

import type { DataType, UploadProgress, UploadReport } from "humansync/slim/send";
import { record } from "../events.ts";
import { Recovery } from "../recovery.ts";
import { personOf } from "../person.ts";
import { onConnect, type Session, session } from "../session.ts";
import { failureOf } from "../trouble.ts";
import { byId, say } from "../ui/dom.ts";
import { dismiss, notify } from "../ui/notices.ts";
import { show, shown } from "../ui/tabs.ts";
import { bytes, counted, duration, number } from "../ui/words.ts";
import { keptJob } from "./kept.ts";
import { type Plans, showNoPlan, showPlan, showReports } from "./plan-view.ts";
import type { Ask, Tell } from "./protocol.ts";
import { Rate } from "./rate.ts";
import { startWorker } from "./start-worker.ts";
import { NAMES } from "./words.ts";

type State = "idle" | "planning" | "planned" | "sending" | "paused" | "failed" | "done";

/** What every piece of work with a file is asked with. */
interface Common {
  readonly run: number;
  readonly file: File;
  readonly types: readonly DataType[];
  readonly session: Session;
  readonly person: string;
}

/** Shorter waits of the client are not worth a word. */
const WORTH_TELLING = 1_500;

export class SendPanel {
  #worker: Worker | undefined;
  #state: State = "idle";
  #run = 0;
  #file: File | undefined;
  #types: readonly DataType[] = [];
  /** Whose samples the file has, once that is known: for nobody else they are sent. */
  #person: string | undefined;
  /** Whether the file is one that was kept: by an earlier visit, or by another tab. */
  #resumes = false;
  /** What failed, to be done again. */
  #failed: "plan" | "send" = "plan";
  #rate = new Rate();
  readonly #lines = new Map<number, (lines: Extract<Tell, { is: "lines" }>["lines"]) => void>();
  readonly #recovery = new Recovery("sending", () => (this.#failed === "plan" ? this.#plan() : this.#send()));

  constructor() {
    const input = byId<HTMLInputElement>("file");
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) this.#take(file);
      // The same file may be chosen once more.
      input.value = "";
    });
    this.#acceptDrops();
    for (const type of ["steps", "bpm"] as const) byId(`take-${type}`).addEventListener("change", () => this.#onTypes(type));
    byId("start").addEventListener("click", () => this.#send());
    byId("pause").addEventListener("click", () => (this.#state === "paused" ? this.#send() : this.#ask({ do: "stop", run: this.#run, then: "pause" })));
    byId("stop").addEventListener("click", () => this.#stop());
    onConnect(() => this.#onNewToken());
    void this.#goOnFromBefore();
  }

  /** A file that an earlier visit did not finish, or that another tab sends. */
  async #goOnFromBefore(): Promise<void> {
    // A browser that keeps nothing has kept nothing.
    const kept = await keptJob().catch(() => undefined);
    if (kept === undefined || this.#state !== "idle") return;
    this.#file = kept.file;
    this.#types = kept.job.types;
    this.#person = kept.job.person;
    this.#resumes = true;
    this.#showTypes();
    if (kept.job.paused) this.#enter("paused", "Paused. It goes on from where it was.");
    else this.#send();
    if (shown() === undefined) show("send");
  }

  #take(file: File): void {
    if (this.#state === "sending" || this.#state === "paused" || (this.#state === "failed" && this.#failed === "send")) {
      notify("busy", { title: "One file at a time", next: "Finish or stop the one that is being sent, then bring the next." });
      return;
    }
    dismiss("busy");
    this.#file = file;
    this.#resumes = false;
    // An export of the Health app has both types; another file does not say which of them it has.
    if (!hasBoth(file) && checked().length > 1) byId<HTMLInputElement>("take-bpm").checked = false;
    this.#plan();
  }

  #onTypes(changed: DataType): void {
    const other = changed === "steps" ? "bpm" : "steps";
    const box = (type: DataType): HTMLInputElement => byId<HTMLInputElement>(`take-${type}`);
    if (this.#file !== undefined && !hasBoth(this.#file) && box(changed).checked) box(other).checked = false;
    if (checked().length === 0) box(other).checked = true;
    if (this.#file !== undefined && ["planned", "planning", "done"].includes(this.#state)) this.#plan();
  }

  #plan(): void {
    this.#failed = "plan";
    this.#types = checked();
    this.#person = undefined;
    showNoPlan("It is being made.");
    this.#begin("planning", "Reading …", (common) => this.#ask({ do: "plan", ...common }));
  }

  #send(): void {
    this.#failed = "send";
    const wasPaused = this.#state === "paused";
    if (this.#resumes) showNoPlan("This file was planned before; what was sent already is not sent again.");
    const words = wasPaused || this.#resumes ? "Going on …" : "Reading …";
    this.#begin("sending", words, (common) => this.#ask({ do: "send", ...common, resumes: this.#resumes && !wasPaused }));
  }

  /** Begins a piece of work with the file, for the person whose token is given. */
  #begin(state: State, words: string, act: (common: Common) => void): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#renew();
    this.#enter(state, words);
    const [run, now] = [this.#run, session()];
    personOf(now).then(
      (person) => {
        if (run !== this.#run) return;
        if (this.#person !== undefined && this.#person !== person) {
          return this.#enter("paused", "This file is another person's. Connect with their token to go on with it, or stop it.");
        }
        this.#person = person;
        act({ run, file, types: this.#types, session: now, person });
      },
      (error: unknown) => {
        if (run === this.#run) this.#fail(failureOf(error));
      },
    );
  }

  #renew(): void {
    this.#run++;
    this.#rate = new Rate();
    this.#recovery.well();
    dismiss("kept");
    dismiss("tabs");
  }

  #stop(): void {
    this.#recovery.well();
    this.#ask({ do: "stop", run: this.#run, then: "discard" });
  }

  /** What a refused token had stopped goes on with another one; a plan is made anew, as what was sent is another person's matter. */
  #onNewToken(): void {
    if (this.#state === "failed") {
      if (this.#failed === "send") this.#send();
      else this.#plan();
    } else if (this.#state === "planned") this.#plan();
  }

  #ask(ask: Ask): void {
    if (this.#worker === undefined) {
      this.#worker = startWorker();
      this.#worker.addEventListener("message", ({ data }: MessageEvent<Tell>) => this.#hear(data));
      this.#worker.addEventListener("error", () => this.#onWorkerLost());
    }
    this.#worker.postMessage(ask);
  }

  #onWorkerLost(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail(failureOf(new Error("The part of the page that sends could not be loaded, or has ended. What was sent is known.")));
  }

  #hear(told: Tell): void {
    if (told.is === "event") {
      record("send", told.event);
      const { event } = told;
      if (event.type === "retry" && event.delayMs >= WORTH_TELLING) this.#recovery.waiting(event.reason, Date.now() + event.delayMs);
      if (event.type === "response" && event.status < 400) this.#recovery.answered();
      return;
    }
    if (told.is === "lines") return this.#lines.get(told.run)?.(told.lines);
    if (told.run !== this.#run) return;
    switch (told.is) {
      case "reading":
        return this.#onReading(told.type, told.progress);
      case "planned":
        return this.#onPlanned(told.plans);
      case "waiting":
        say(byId("job-state"), "Another tab is sending. This one waits.");
        return notify("tabs", {
          title: "Another tab is sending",
          next: "This one waits, and goes on by itself when that one is done or closed. Nothing is sent twice.",
        });
      case "elsewhere":
        dismiss("tabs");
        this.#file = undefined;
        this.#enter("idle", told.outcome === "stopped" ? "The other tab was told to stop." : "The other tab has sent all of it.");
        return showNoPlan("Bring another file whenever you like.");
      case "kept":
        if (!told.kept) {
          notify("kept", {
            title: "This file could not be kept",
            next: "It is sent all the same. If you close this tab before it is through, choose the same file again: it goes on from there.",
          });
        }
        return;
      case "sending":
        return this.#onSending(told.type, told.progress);
      case "sent":
        return this.#onSent(told.reports);
      case "stopped":
        this.#resumes = false;
        this.#recovery.well();
        dismiss("tabs");
        if (this.#failed === "plan") return this.#enter("idle", "Stopped. Bring the file again when you like.");
        return this.#enter("planned", "Stopped. What was sent stays sent: send the same file again, and it goes on from there.");
      case "paused":
        dismiss("tabs");
        this.#recovery.well();
        return this.#enter("paused", "Paused. What was sent stays sent; it goes on from there, also after this tab was closed.");
      case "failed":
        return this.#fail(told.failure);
    }
  }

  #onReading(type: DataType, { bytesRead, bytesTotal, read, rejected }: UploadProgress): void {
    dismiss("tabs");
    this.#progress(bytesRead, bytesTotal);
    const share = bytesTotal === undefined ? bytes(bytesRead) : `${bytes(bytesRead)} of ${bytes(bytesTotal)}`;
    say(byId("job-state"), "Reading …");
    const odd = rejected > 0 ? `, ${number(rejected)} of which cannot be sent` : "";
    say(byId("job-figures"), `${NAMES[type]}: ${share}, ${counted(read, "sample")}${odd}`);
  }

  #onPlanned(plans: Plans): void {
    this.#recovery.well();
    showPlan(plans, this.#showLines());
    const known = plans.map(([, plan]) => plan).filter((plan) => plan !== undefined);
    const sum = (of: (plan: (typeof known)[number]) => number): number => known.reduce((before, plan) => before + of(plan), 0);
    const [samples, before, held] = [sum((plan) => plan.samples), sum((plan) => plan.alreadySent), sum((plan) => plan.held)];
    // With this the types that the file does not have are left out.
    this.#types = plans.filter(([, plan]) => plan !== undefined).map(([type]) => type);
    if (samples > 0) return this.#enter("planned", `${counted(samples, "sample")} to send. Nothing has been sent yet.`);
    this.#enter("done", nothingNew(before, held));
  }

  #onSending(type: DataType, progress: UploadProgress): void {
    dismiss("tabs");
    const { sent, total } = progress;
    this.#progress(sent, total);
    this.#rate.note(sent);
    const rate = this.#rate.perSecond();
    const left = rate === undefined || total === undefined ? "" : `, ${number(Math.round(rate))} a second, about ${duration(((total - sent) / rate) * 1000)} left`;
    say(byId("job-state"), "Sending …");
    say(byId("job-figures"), `${NAMES[type]}: ${number(sent)} of ${counted(total ?? sent, "sample")}${left}`);
  }

  #onSent(reports: readonly (readonly [DataType, UploadReport])[]): void {
    this.#recovery.well();
    dismiss("kept");
    showReports(reports, this.#showLines());
    const sum = (of: (report: UploadReport) => number): number => reports.reduce((before, [, report]) => before + of(report), 0);
    const [sent, before, held, failed] = [sum((r) => r.sent), sum((r) => r.alreadySent), sum((r) => r.held), sum((r) => r.failed)];
    const refused = failed > 0 ? ` The server refused ${counted(failed, "sample")}.` : "";
    const earlier = before > 0 ? ` ${number(before)} had been sent before.` : "";
    this.#enter("done", (sent > 0 ? `${counted(sent, "sample")} sent, each once.${earlier}` : nothingNew(before, held)) + refused);
  }

  #fail(failure: ReturnType<typeof failureOf>): void {
    this.#enter("failed", this.#failed === "plan" ? "The plan could not be made." : "Sending stands still. What was sent is known.");
    this.#recovery.from(failure);
    if (failure.kind === "unauthorized") byId("token").focus();
  }

  #enter(state: State, text: string): void {
    this.#state = state;
    say(byId("job-title"), this.#file === undefined ? "No file yet" : `${this.#file.name}, ${bytes(this.#file.size)}`);
    say(byId("job-state"), text);
    byId("job").dataset["state"] = state;
    const enabled = (id: string, on: boolean): void => {
      byId<HTMLButtonElement>(id).disabled = !on;
    };
    enabled("start", state === "planned");
    enabled("pause", state === "sending" || state === "paused");
    enabled("stop", ["planning", "sending", "paused", "failed"].includes(state));
    byId<HTMLFieldSetElement>("types").disabled = state === "sending" || state === "paused";
    say(byId("pause"), state === "paused" ? "Resume" : "Pause");
    if (state === "done") this.#progress(1, 1);
    if (state === "planned" || state === "idle") this.#progress(0, 1);
    if (state !== "sending" && state !== "planning" && state !== "paused") say(byId("job-figures"), "\u00a0");
  }

  #progress(done: number, total: number | undefined): void {
    const progress = byId<HTMLProgressElement>("job-progress");
    if (total === undefined) return progress.removeAttribute("value");
    progress.max = Math.max(total, 1);
    progress.value = done;
  }

  /** The lines of the file that is shown; an archive has none that could be shown. */
  #showLines(): Parameters<typeof showPlan>[1] {
    const file = this.#file;
    if (file === undefined || file.name.endsWith(".zip")) return undefined;
    return (lines) =>
      new Promise((resolve) => {
        const run = -1 - this.#lines.size;
        this.#lines.set(run, resolve);
        this.#ask({ do: "lines", run, file, lines });
      });
  }

  #showTypes(): void {
    for (const type of ["steps", "bpm"] as const) byId<HTMLInputElement>(`take-${type}`).checked = this.#types.includes(type);
  }

  #acceptDrops(): void {
    const drop = byId("drop");
    // Anywhere on the page: a file that misses would replace the page.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
    for (const kind of ["dragenter", "dragover"]) addEventListener(kind, () => drop.classList.add("over"));
    for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => drop.classList.remove("over"));
    addEventListener("drop", ({ dataTransfer }) => {
      const [file] = dataTransfer?.files ?? [];
      if (file === undefined) return;
      show("send");
      this.#take(file);
    });
  }
}

function nothingNew(before: number, held: number): string {
  const waiting = held > 0 ? ` ${counted(held, "sample")} wait for a batch: it takes 3 at least.` : "";
  if (before > 0) return `Nothing is new: ${before === 1 ? "the one sample was" : `all ${number(before)} samples were`} sent before.${waiting}`;
  return `There is nothing to send in it.${waiting}`;
}

/** Whether a file may have both types: an export of the Health app. */
function hasBoth(file: File): boolean {
  return /\.(zip|xml)$/i.test(file.name);
}

function checked(): DataType[] {
  return (["steps", "bpm"] as const).filter((type) => byId<HTMLInputElement>(`take-${type}`).checked);
}
