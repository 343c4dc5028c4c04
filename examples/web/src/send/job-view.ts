// Shows the current file: its name, its progress, and the buttons for its state.

import type { DataType, UploadProgress } from "humansync/slim/send";
import { byId, enable, say } from "../ui/dom.ts";
import { bytes, counted, duration, number } from "../ui/words.ts";
import { Rate } from "./rate.ts";
import { NAMES } from "./words.ts";

export type State = "idle" | "planning" | "planned" | "sending" | "ending" | "paused" | "failed" | "done";

export class JobView {
  #rate = new Rate();
  #type: DataType | undefined;

  /** Shows a state with a text. `well` is false for states that the person did not want. */
  enter(state: State, file: File | undefined, text: string, well = true): void {
    say(byId("job-title"), file === undefined ? "No file yet" : `${file.name}, ${bytes(file.size)}`);
    say(byId("job-state"), text);
    byId("job").dataset["state"] = state;
    byId("job").dataset["well"] = String(well);
    // Buttons are enabled before others are disabled, so that the focus can move from one to the other.
    say(byId("pause"), state === "paused" ? "Resume" : state === "failed" ? "Try again" : "Pause");
    const on = { start: state === "planned", pause: ["sending", "paused", "failed"].includes(state), stop: ["planning", "sending", "paused", "failed"].includes(state) };
    const next = on.start ? "start" : on.pause ? "pause" : on.stop ? "stop" : "job-title";
    for (const [id, enabled] of Object.entries(on)) if (enabled) enable(id, true);
    for (const [id, enabled] of Object.entries(on)) if (!enabled) enable(id, false, next);
    byId<HTMLFieldSetElement>("types").disabled = state === "sending" || state === "paused" || state === "ending";
    if (state === "done") this.#progress(1, 1);
    if (state === "planned" || state === "idle") this.#progress(0, 1);
    if (!["sending", "planning", "paused", "ending"].includes(state)) say(byId("job-figures"), "\u00a0");
  }

  /** Starts the rate afresh for new work. */
  renew(): void {
    this.#type = undefined;
  }

  reading(type: DataType, { bytesRead, bytesTotal, read, rejected }: UploadProgress): void {
    this.#progress(bytesRead, bytesTotal);
    const share = bytesTotal === undefined ? bytes(bytesRead) : `${bytes(bytesRead)} of ${bytes(bytesTotal)}`;
    say(byId("job-state"), "Reading …");
    const odd = rejected > 0 ? `, ${number(rejected)} of which cannot be sent` : "";
    say(byId("job-figures"), `${NAMES[type]}: ${share}, ${counted(read, "sample")}${odd}`);
  }

  sending(type: DataType, { sent, total }: UploadProgress): void {
    if (type !== this.#type) this.#rate = new Rate();
    this.#type = type;
    this.#progress(sent, total);
    this.#rate.note(sent);
    const rate = this.#rate.perSecond();
    const left =
      rate === undefined || total === undefined
        ? ""
        : `, ${number(Math.round(rate))} a second, about ${duration(((total - sent) / rate) * 1000)} left`;
    say(byId("job-state"), "Sending …");
    say(byId("job-figures"), `${NAMES[type]}: ${number(sent)} of ${counted(total ?? sent, "sample")}${left}`);
  }

  #progress(done: number, total: number | undefined): void {
    const progress = byId<HTMLProgressElement>("job-progress");
    if (total === undefined) return progress.removeAttribute("value");
    progress.max = Math.max(total, 1);
    progress.value = done;
  }
}
