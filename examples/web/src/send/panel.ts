// The panel for sending a file: its plan, and its progress. The Worker does the work; the panel controls it and shows
// it.

import type { DataType, UploadPlan, UploadReport } from "humansync/slim/send";
import { record } from "../events.ts";
import { personOf } from "../person.ts";
import { Recovery } from "../recovery.ts";
import { focusToken, onConnect, type Session, session, wasConnected } from "../session.ts";
import { type Failure, failureOf } from "../failures.ts";
import { byId, say } from "../ui/dom.ts";
import { dismiss, notify } from "../ui/notices.ts";
import { show, shown } from "../ui/tabs.ts";
import { counted, number } from "../ui/words.ts";
import { Choice, doubtOf } from "./choice.ts";
import { acceptDrops } from "./drops.ts";
import { JobView, type State } from "./job-view.ts";
import { allKept, type Job, type Kept, keptFor, type Outcome } from "./stored-files.ts";
import { showNoPlan, showPlan, showReports } from "./plan-view.ts";
import type { Ask, Lines, Plans, Reports, Tell, Then } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";

/** Waits of the client below this length, in milliseconds, are not shown. */
const WORTH_TELLING = 1_500;

export class SendPanel {
  readonly #view = new JobView();
  readonly #choice = new Choice(() => this.#onChoice());
  readonly #recovery = new Recovery(
    "sending",
    () => this.#again(),
    () => (this.#work === "plan" ? "planning" : "sending"),
  );
  #worker: Worker | undefined;
  #state: State = "idle";
  #run = 0;
  /** Whether the Worker has received the current run. Before that, the page itself can end it. */
  #asked = false;
  #file: File | undefined;
  #types: readonly DataType[] = [];
  /** The file's job, which is stored or will be. */
  #job: Job | undefined;
  /** Whether the file was found in the browser's storage, and nobody has acted on it in this visit. */
  #found = false;
  /** Whether sending waits for the token of the file's person. */
  #wantsPerson = false;
  /** The person whom the plan is for. It is not used to send anybody else's samples. */
  #planFor: string | undefined;
  /** The session whose token the current work uses. */
  #with: Session | undefined;
  /** Whether the file can no longer be read, so that another one may be chosen. */
  #gone = false;
  /** The current work, or the one that failed. */
  #work: "plan" | "send" = "plan";
  #lineRuns = 0;
  readonly #lines = new Map<number, (lines: Lines | undefined) => void>();

  constructor() {
    byId("job-title").tabIndex = -1;
    const input = byId<HTMLInputElement>("file");
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) this.#take(file);
      // Otherwise choosing the same file again would not be a change.
      input.value = "";
    });
    acceptDrops((file) => {
      show("send");
      this.#take(file);
    });
    byId("start").addEventListener("click", () => this.#send());
    byId("pause").addEventListener("click", () => {
      if (this.#state === "sending") this.#end("pause");
      else if (this.#state === "failed") this.#again();
      else this.#send();
    });
    byId("stop").addEventListener("click", () => this.#end("discard"));
    onConnect(() => this.#onNewToken());
    void this.#goOnFromBefore();
  }

  /** Continues a file that an earlier visit did not finish, or waits for one that another tab sends. */
  async #goOnFromBefore(): Promise<void> {
    // In a browser without storage, there is no earlier file.
    const [oldest] = await allKept().catch((): Kept[] => []);
    if (oldest === undefined || this.#file !== undefined) return;
    this.#goOnWith(oldest);
    if (shown() === undefined) show("send");
  }

  #goOnWith({ job, file }: Kept): void {
    [this.#job, this.#file, this.#types, this.#found, this.#planFor] = [job, file, job.types, true, job.person];
    this.#choice.show(job.types, file);
    showNoPlan("This file was planned before; what was sent already is not sent again.");
    if (job.paused) this.#enter("paused", "Paused. It goes on from where it was.");
    else this.#send(true);
  }

  #take(file: File): void {
    if (["sending", "ending", "paused"].includes(this.#state) || (this.#state === "failed" && this.#work === "send" && !this.#gone)) {
      notify("busy", { title: "One file at a time", next: "Finish or stop the one that is being sent, then bring the next." });
      return;
    }
    [this.#file, this.#job, this.#found, this.#wantsPerson, this.#asked] = [file, undefined, false, false, false];
    this.#recovery.pause();
    const run = ++this.#run;
    this.#enter("planning", "Reading …");
    void this.#choice.propose(file).then(() => run === this.#run && this.#plan());
  }

  #onChoice(): void {
    const again = ["planned", "planning", "done"].includes(this.#state) || (this.#state === "failed" && this.#work === "plan");
    if (this.#file !== undefined && again) this.#plan();
  }

  #again(): void {
    if (this.#work === "plan") this.#plan();
    else this.#send(this.#found);
  }

  #plan(): void {
    this.#work = "plan";
    this.#types = this.#choice.types;
    showNoPlan("It is being made.");
    this.#begin("planning", "Reading …", (file, now, person) => {
      this.#planFor = person;
      this.#ask({ do: "plan", run: this.#run, file, types: this.#types, session: now, person });
    });
  }

  /**
   * Sends the file. If this happens `byItself`, without an action of the person, only if the file is still stored and
   * not paused.
   */
  #send(byItself = false): void {
    this.#work = "send";
    // Once the person has started it, it no longer counts as found.
    this.#found = byItself;
    this.#begin("sending", this.#job === undefined ? "Reading …" : "Going on …", (file, now, person) => {
      // If another person has connected since, a plan is made for them first.
      if (this.#job === undefined && person !== this.#planFor) return this.#plan();
      const run = this.#run;
      return this.#jobFor(file, person).then((job) => {
        if (run !== this.#run) return;
        this.#job = job;
        this.#ask({ do: "send", run, file, job, session: now, resumes: byItself });
      });
    });
  }

  /** The file's job: the current one, one that an earlier visit has stored, or a new one. */
  async #jobFor(file: File, person: string): Promise<Job> {
    const known = this.#job ?? (await keptFor(file, person).catch(() => undefined));
    const made = known ?? { id: crypto.randomUUID(), person, since: Date.now() };
    return { ...made, types: this.#types, paused: false };
  }

  /** Begins work with the file for the person who is connected. */
  #begin(state: State, words: string, act: (file: File, now: Session, person: string) => void | Promise<void>): void {
    const file = this.#file;
    if (file === undefined) return;
    const run = ++this.#run;
    [this.#asked, this.#wantsPerson, this.#gone] = [false, false, false];
    this.#view.renew();
    this.#recovery.pause();
    for (const key of ["kept", "tabs", "busy"]) dismiss(key);
    this.#enter(state, words);
    const now = session();
    this.#with = now;
    void personOf(now).then(
      (person) => {
        if (run !== this.#run) return;
        if (this.#job !== undefined && this.#job.person !== person) return this.#wantPerson(file);
        return act(file, now, person);
      },
      (error: unknown) => {
        if (run !== this.#run) return;
        const failure = failureOf(error);
        // Nobody has connected in this tab, so that the token is not wrong but missing.
        if (failure.kind === "unauthorized" && this.#job !== undefined && !wasConnected()) this.#wantPerson(file);
        else this.#fail(failure);
      },
    ).catch((error: unknown) => run === this.#run && this.#fail(failureOf(error)));
  }

  #wantPerson(file: File): void {
    this.#wantsPerson = true;
    const text = wasConnected() ? `This file is another person's. Connect with their token to go on with it, or stop it.` : `Connect to go on with ${file.name}.`;
    this.#enter("paused", text);
  }

  #end(then: Then): void {
    this.#recovery.well();
    this.#wantsPerson = false;
    // A run that the Worker has not received yet is dropped.
    if (!this.#asked) this.#run++;
    this.#enter("ending", then === "pause" ? "Pausing …" : "Stopping …");
    this.#ask({ do: "stop", run: this.#run, then, id: this.#job?.id });
  }

  /**
   * Continues work that failed or waited for a token, and makes a new plan, because the samples sent so far differ by
   * person.
   */
  #onNewToken(): void {
    if (this.#state === "failed") this.#again();
    else if (this.#wantsPerson) this.#send(this.#found);
    else if (this.#state === "planned" || this.#state === "planning") this.#plan();
  }

  #ask(ask: Ask): void {
    if (this.#worker === undefined) {
      this.#worker = startWorker();
      this.#worker.addEventListener("message", ({ data }: MessageEvent<Tell>) => this.#hear(data));
      this.#worker.addEventListener("error", () => this.#onWorkerLost());
    }
    this.#asked = true;
    this.#worker.postMessage(ask);
  }

  #onWorkerLost(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail(failureOf(new Error("The part of the page that sends could not be loaded, or has ended. What was sent is known.")));
  }

  #hear(told: Tell): void {
    if (told.is === "event") {
      const { event } = told;
      record("send", event);
      const isUnderWay = this.#state === "sending" || this.#state === "planning";
      if (isUnderWay && event.type === "retry" && event.delayMs >= WORTH_TELLING) this.#recovery.waiting(event.reason, Date.now() + event.delayMs);
      if (event.type === "response" && event.status < 400) this.#recovery.answered();
      return;
    }
    if (told.is === "forgetful") {
      return notify("forgetful", {
        title: "This window keeps nothing",
        next: "Files can be sent all the same. But once it is closed, what was sent is not known any more, and the same file is sent again from its start.",
      });
    }
    if (told.is === "lines") {
      this.#lines.get(told.run)?.(told.lines);
      this.#lines.delete(told.run);
      return;
    }
    if (told.run !== this.#run) return;
    switch (told.is) {
      case "reading":
        dismiss("tabs");
        return this.#state === "ending" ? undefined : this.#view.reading(told.type, told.progress);
      case "sending":
        dismiss("tabs");
        return this.#state === "ending" ? undefined : this.#view.sending(told.type, told.progress);
      case "planned":
        return void this.#onPlanned(told.plans).catch((error: unknown) => this.#fail(failureOf(error)));
      case "waiting":
        say(byId("job-state"), "Another tab is sending. This one waits.");
        return notify("tabs", {
          title: "Another tab is sending",
          next: "This one waits, and goes on by itself when that one is done or closed.",
        });
      case "elsewhere":
        [this.#file, this.#job] = [undefined, undefined];
        this.#recovery.well();
        showNoPlan("Bring another file whenever you like.");
        return this.#enter("idle", elsewhere(told.outcome));
      case "kept":
        // From now on it continues by itself only while it is stored and not paused.
        if (told.kept) this.#found = true;
        else {
          notify("kept", {
            title: "This file could not be kept",
            next: "While this tab is open it is sent all the same. If you close it before it is through, choose the same file again: it goes on from there.",
          });
        }
        return;
      case "sent":
        return this.#onSent(told.reports);
      case "stopped":
        this.#job = undefined;
        this.#recovery.well();
        dismiss("kept");
        if (this.#work === "plan") {
          showNoPlan("Bring the file again when you like.");
          return this.#enter("idle", "Stopped.");
        }
        return this.#enter("planned", "Stopped. What was sent stays sent: send the same file again, and it goes on from there.");
      case "paused":
        this.#recovery.well();
        return this.#enter("paused", "Paused. What was sent stays sent; it goes on from there.");
      case "failed":
        return this.#fail(told.failure);
    }
  }

  async #onPlanned(plans: Plans): Promise<void> {
    this.#recovery.well();
    const file = this.#file;
    const known = plans.map(([, plan]) => plan).filter((plan) => plan !== undefined);
    const sum = (of: (plan: UploadPlan) => number): number => known.reduce((before, plan) => before + of(plan), 0);
    const [samples, before, held] = [sum((plan) => plan.samples), sum((plan) => plan.alreadySent), sum((plan) => plan.held)];
    // Types that the file does not have are left out.
    const types = plans.filter(([, plan]) => plan !== undefined).map(([type]) => type);
    if (types.length > 0) this.#types = types;
    if (this.#types.length === 1 && this.#choice.types.length === 1) this.#choice.show(this.#types);
    const run = this.#run;
    const doubt = file === undefined ? "" : await doubtOf(file, this.#types);
    if (run !== this.#run) return;
    showPlan(plans, doubt, this.#showLines());
    if (samples > 0) return this.#enter("planned", `${counted(samples, "sample")} to send. Nothing has been sent yet.${tooFew(held)}`);
    if (held > 0) return this.#enter("planned", `Too few for a batch, which takes three at least: Send keeps ${counted(held, "sample")} for the next file.`);
    this.#enter("done", nothingNew(before));
  }

  #onSent(reports: Reports): void {
    this.#recovery.well();
    this.#job = undefined;
    dismiss("kept");
    showReports(reports, this.#showLines());
    const sum = (of: (report: UploadReport) => number): number => reports.reduce((before, [, report]) => before + of(report), 0);
    const [sent, before, held, failed] = [sum((r) => r.sent), sum((r) => r.alreadySent), sum((r) => r.held), sum((r) => r.failed)];
    const parts = [
      sent > 0 ? `${counted(sent, "sample")} sent.` : failed > 0 || held > 0 ? "" : nothingNew(before),
      sent > 0 && before > 0 ? `${number(before)} had been sent before.` : "",
      failed > 0 ? `The server refused ${counted(failed, "sample")}.` : "",
      tooFew(held).trim(),
    ];
    this.#enter("done", parts.filter(Boolean).join(" "), failed === 0);
    void this.#offerTheNext();
  }

  /** Offers another file that was not finished, for example from an earlier visit. */
  async #offerTheNext(): Promise<void> {
    const [next] = await allKept().catch((): Kept[] => []);
    if (next === undefined || this.#state !== "done") return;
    notify("next", {
      title: "Another file was not finished",
      next: `${next.file.name} stands still. What was sent of it is known.`,
      actions: [
        {
          label: "Go on with it",
          act: () => {
            dismiss("next");
            if (this.#state === "done") this.#goOnWith(next);
          },
        },
      ],
    });
  }

  #fail(failure: Failure): void {
    // Another token has been entered in the meantime.
    if (failure.kind === "unauthorized" && this.#with !== undefined && this.#with !== session()) return this.#again();
    this.#gone = failure.kind === "file";
    this.#enter("failed", this.#work === "plan" ? "The plan could not be made." : "Sending stands still. What was sent is known.", false);
    this.#recovery.from(failure);
    if (failure.kind === "unauthorized") focusToken();
  }

  #enter(state: State, text: string, well = true): void {
    this.#state = state;
    if (state !== "sending") dismiss("tabs");
    if (state !== "done") dismiss("next");
    if (["idle", "planned", "done"].includes(state)) dismiss("busy");
    this.#view.enter(state, this.#file, text, well);
  }

  /** Returns a function that reads lines of the file, or undefined for an archive, whose lines cannot be shown. */
  #showLines(): ((lines: readonly number[]) => Promise<Lines | undefined>) | undefined {
    const file = this.#file;
    if (file === undefined || /\.zip$/i.test(file.name)) return undefined;
    return (lines) =>
      new Promise((resolve) => {
        const run = ++this.#lineRuns;
        this.#lines.set(run, resolve);
        const asked = this.#asked;
        this.#ask({ do: "lines", run, file, lines });
        this.#asked = asked;
      });
  }
}

function elsewhere(outcome: Outcome | undefined): string {
  if (outcome === "stopped") return "The other tab was told to stop.";
  return outcome === "sent" ? "The other tab has sent all of it." : "It is not kept here any more: it was sent, or stopped, elsewhere.";
}

function nothingNew(before: number): string {
  if (before > 0) return `Nothing is new: ${before === 1 ? "the one sample was" : `all ${number(before)} samples were`} sent before.`;
  return "There is nothing to send in it.";
}

function tooFew(held: number): string {
  return held > 0 ? ` ${counted(held, "sample")} ${held === 1 ? "is" : "are"} kept for the next file: a batch takes three at least.` : "";
}
