// The table of the records, fifty at a time.

import { byId, enable, h, say } from "../ui/dom.ts";
import { number } from "../ui/words.ts";
import { type Any, cellOf, type Column } from "./kinds.ts";

const ROWS = 50;

export class Table {
  #records: readonly Any[] = [];
  #columns: readonly Column<Any>[] = [];
  #first = 0;
  /** The number of records when the rows were last drawn. The list grows while it is read. */
  #drawnOf = 0;
  /** Names the filter, e.g. the records of a day. */
  #note = "";

  constructor() {
    byId("earlier").addEventListener("click", () => this.#turn(-ROWS));
    byId("later").addEventListener("click", () => this.#turn(ROWS));
    this.#draw();
  }

  show(columns: readonly Column<Any>[], records: readonly Any[], note = ""): void {
    const same = columns === this.#columns && note === this.#note && records.length >= this.#drawnOf;
    // Records that are appended do not change a full page of rows.
    const unmoved = same && records === this.#records && this.#drawnOf >= this.#first + ROWS;
    if (!same) this.#first = 0;
    this.#columns = columns;
    this.#records = records;
    this.#note = note;
    if (unmoved) this.#tell();
    else this.#draw();
  }

  #turn(by: number): void {
    this.#first = Math.max(0, Math.min(this.#first + by, this.#records.length - 1));
    this.#draw();
    byId("table").scrollTop = 0;
  }

  #draw(): void {
    const cells = this.#records.slice(this.#first, this.#first + ROWS).map((record) => this.#columns.map((column) => cellOf(column, record)));
    const numeric = this.#columns.map((_, index) => cells.some((row) => typeof row[index] === "number"));
    const side = (index: number): { class?: string } => (numeric[index] === true ? { class: "number" } : {});
    const head = h("tr", {}, ...this.#columns.map(({ title }, index) => h("th", { scope: "col", ...side(index) }, title)));
    const rows = cells.map((row) => h("tr", {}, ...row.map((cell, index) => h("td", side(index), String(cell ?? "")))));
    this.#drawnOf = this.#records.length;
    byId("table").replaceChildren(h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows)));
    this.#tell();
  }

  #tell(): void {
    const count = this.#records.length;
    const last = Math.min(this.#first + ROWS, count);
    say(byId("table-state"), count === 0 ? "No records." : `${number(this.#first + 1)} to ${number(last)} of ${number(count)}${this.#note}`);
    enable("earlier", this.#first > 0, "later");
    enable("later", last < count, "earlier");
  }
}
