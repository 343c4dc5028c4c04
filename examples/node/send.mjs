#!/usr/bin/env node
// Sends the samples of a file: shows the plan, carries it out, and accounts for every sample. Sent samples are
// remembered, so that sending the same file again, or a longer one, sends only the new samples.
//
//   node examples/node/send.mjs export.zip --base-url http://127.0.0.1:8787

import { openAsBlob } from "node:fs";
import { resolve } from "node:path";
import { SampleUploader } from "humansync";
import { createStore } from "humansync/stores/file";
import { UsageError } from "./arguments.mjs";
import { countCost, waiting } from "./cost.mjs";
import { account, failures, moment, rejections, watermarks } from "./upload-report.mjs";
import { run } from "./run.mjs";
import { HELP, readSendArguments } from "./send-arguments.mjs";
import { progress } from "./terminal/progress.mjs";
import { bytes, count, counted, duration } from "./terminal/quantities.mjs";
import { plain, screenOn } from "./terminal/screen.mjs";
import { wrapped } from "./terminal/wrap.mjs";

const screen = screenOn(process.stdout);
const { paint } = screen;
/** The message after Ctrl-C. */
let stopped = "Stopped; nothing was sent.";

await run(screen, main, { stopped: () => stopped });

async function main(signal) {
  const { help, file, type, format, folder, planOnly, client } = readSendArguments();
  if (help) {
    screen.line(HELP);
    return;
  }
  const blob = await opened(file);
  const { cost, onEvent } = countCost();
  const uploader = new SampleUploader({ ...client, store: await createStore(folder), onEvent });
  try {
    screen.heading("The plan");
    showFacts([
      ["File", `${file}, ${bytes(blob.size)}`],
      ["To", client.baseUrl],
      ["Memory", `${resolve(folder)}: what was sent is remembered there`],
    ]);
    const plan = await planned(uploader, type, blob, { format, signal });
    showPlan(plan);
    if (planOnly) return;

    screen.heading("The upload");
    const began = performance.now();
    const report = await uploaded(uploader, type, blob, { format, signal }, cost, folder);
    showReport(report);
    showCost(report, performance.now() - began);
    for (const warning of cost.warnings) screen.line(`  ${paint("yellow", `note: ${warning}`)}`);
    return showVerdict(report);
  } finally {
    uploader[Symbol.dispose]?.();
  }
}

/** Opens the file as a Blob, whose bytes are read when they are needed and never all at once. */
async function opened(file) {
  try {
    return await openAsBlob(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
}

async function planned(uploader, type, blob, options) {
  const shown = progress(screen, "reading", { quantity: bytes });
  async function* counted() {
    let read = 0;
    for await (const piece of blob.stream()) {
      shown.reach((read += piece.length), blob.size);
      yield piece;
    }
  }
  try {
    const plan = await uploader.plan(type, ReadableStream.from(counted()), options);
    // The rest of an archive after export.xml is not read, so that the bar is set to its end.
    shown.reach(blob.size, blob.size);
    shown.end();
    return plan;
  } catch (error) {
    shown.cancel();
    throw error;
  }
}

async function uploaded(uploader, type, blob, options, cost, folder) {
  let reached;
  options.signal.addEventListener("abort", () => {
    if (reached === undefined) return;
    const { sent, total } = reached;
    const ofAll = total === undefined ? "" : ` of ${count(total)}`;
    stopped = `Stopped; ${count(sent)}${ofAll} samples were sent. The same command goes on from there: ${resolve(folder)} remembers them.`;
  });
  const note = () => (options.signal.aborted ? "stopping …" : waiting(cost.pause));
  const shown = progress(screen, "sending", { note });
  const onProgress = (now) => {
    reached = now;
    // The total is known once the whole file has been read.
    if (now.total !== undefined) shown.reach(now.sent, now.total);
  };
  try {
    const report = await uploader.upload(type, blob, { ...options, onProgress });
    if (report.sent > 0) shown.end();
    else {
      shown.cancel();
      screen.line("  There is nothing to send.");
    }
    return report;
  } catch (error) {
    shown.cancel();
    // The report of a failed upload has the samples that were acknowledged before.
    if (error?.report !== undefined) showReport(error.report);
    throw error;
  }
}

function showFacts(facts) {
  for (const [name, fact] of facts) {
    wrapped(plain(fact), screen.width - 20).forEach((text, index) => {
      screen.line(`  ${paint("faint", (index === 0 ? name : "").padEnd(13))}   ${text}`);
    });
  }
}

function showPlan(plan) {
  screen.line();
  const facts = [["To send", `${counted(plan.samples, "sample")} in ${counted(plan.batches, "batch", "batches")}`]];
  if (plan.first !== undefined && plan.last !== undefined) facts.push(["From … to", `${moment(plan.first)} … ${moment(plan.last)}`]);
  if (plan.devices.length > 0) facts.push(["Devices", plan.devices.join(", ")]);
  facts.push(["Sent before", count(plan.alreadySent)]);
  facts.push(["Twice in it", count(plan.duplicates)]);
  if (plan.held > 0) facts.push(["Held", `${count(plan.held)}, too few for a batch: they go with a later upload`]);
  facts.push(["Rejected", count(plan.rejectedCount)]);
  showFacts(facts);
  if (plan.rejectedCount === 0) return;
  screen.heading("Samples that cannot be sent");
  for (const line of rejections(screen, plan)) screen.line(line);
}

function showReport(report) {
  screen.heading("The account");
  for (const line of account(screen, report).lines) screen.line(line);
  if (report.failures.length > 0) {
    screen.heading("Refused by the server");
    for (const line of failures(screen, report)) screen.line(line);
  }
  if (report.watermarks.length > 0) {
    screen.heading("Arrived");
    for (const line of watermarks(screen, report.watermarks)) screen.line(line);
  }
}

function showCost(report, took) {
  const figures = [
    counted(report.batches, "batch", "batches"),
    counted(report.requests, "request"),
    counted(report.retries, "retry", "retries"),
    `${bytes(report.bytesSent)} sent`,
    `${duration(took)} in all`,
    ...(report.sent > 0 ? [`${counted(Math.round((report.sent / took) * 1000), "sample")} a second`] : []),
  ];
  screen.line();
  for (const line of wrapped(figures.join(" · "), screen.width - 4, " · ")) screen.line(`  ${line}`);
}

/** Shows whether all samples have arrived. Rejected samples can never be sent, and do not count as failures. */
function showVerdict({ sent, resent, held, unknown, failed }) {
  screen.line();
  if (failed > 0 || unknown > 0) {
    const troubles = [
      ...(failed > 0 ? [`${counted(failed, "sample was", "samples were")} refused`] : []),
      ...(unknown > 0 ? [`of ${counted(unknown, "sample")} it is not known whether they arrived`] : []),
    ];
    screen.line(`  ${paint("red", "✘")} ${counted(sent, "sample")} sent, but ${troubles.join(", and ")}`);
    return false;
  }
  const later = held > 0 ? `; ${count(held)} held until there are enough for a batch` : "";
  // After a lost or late answer the server may have the samples of that batch twice.
  const once = resent > 0 ? `, ${count(resent)} of them twice or more, as answers were lost` : ", each once";
  const words = sent > 0 ? `${counted(sent, "sample")} sent${once}` : "nothing new: nothing was sent";
  screen.line(`  ${paint("green", "✔")} ${paint("bold", words)}${later}`);
  return true;
}
