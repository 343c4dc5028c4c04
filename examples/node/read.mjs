#!/usr/bin/env node
// Reads one person's data, and shows it: the profile, the latest readings, all activities, a month of heart rate, and
// the cost of reading.
//
//   node examples/node/read.mjs --base-url http://127.0.0.1:8787

import { HumanClient, queryString } from "humansync";
import { OPTIONS_HELP, readArguments } from "./arguments.mjs";
import { countCost, waiting } from "./cost.mjs";
import { hoursOfDays, monthUpTo } from "./heart-rate.mjs";
import { run } from "./run.mjs";
import { bars } from "./terminal/bars.mjs";
import { heatMap } from "./terminal/heat-map.mjs";
import { progress } from "./terminal/progress.mjs";
import { bytes, count, counted, day, duration, timeOfDay } from "./terminal/quantities.mjs";
import { plain, screenOn } from "./terminal/screen.mjs";
import { table } from "./terminal/table.mjs";
import { wrapped } from "./terminal/wrap.mjs";
import { wallClock } from "./wall-clock.mjs";

const screen = screenOn(process.stdout);
const { paint } = screen;

await run(screen, async (signal) => {
  const { help, client: options, query } = readArguments();
  if (help) {
    screen.line(`Reads a person's data and shows it.\n\n  node read.mjs [options]\n\n${OPTIONS_HELP}`);
    return;
  }
  // This checks the options before anything is shown.
  queryString(query);
  const began = performance.now();
  const { cost, onEvent, fetch } = countCost();
  const client = new HumanClient({ ...options, onEvent, fetch });

  await showPerson(client, signal);
  await showLatest(client, signal);
  const activities = await showActivities(client, query, cost, signal);
  await showHeartRate(client, query, cost, signal);
  showCost(cost, performance.now() - began);
  return showVerdict(activities);
});

async function showPerson(client, signal) {
  const [summary, profile, sources] = await Promise.all([
    client.summary({ signal }),
    client.profile({ signal }),
    client.sources({ signal }),
  ]);
  const types = Object.values(summary).filter((value) => typeof value === "object" && value !== null).length;
  const names = sources.map(({ sourceName, source }) => sourceName ?? source);
  const facts = [
    ["Person", `${profile.humanId}, since ${day(new Date(profile.createdAt))}`],
    ["Time zone", profile.defaultTimeZone?.name ?? "not known"],
    ["Sources", names.join(", ") || "none"],
    ["Summary", `the latest of ${counted(types, "type")} of data`],
  ];
  screen.heading("One person's data");
  for (const [name, fact] of facts) {
    wrapped(plain(fact), screen.width - 15).forEach((text, index) => {
      screen.line(`  ${paint("faint", (index === 0 ? name : "").padEnd(11))} ${text}`);
    });
  }
}

async function showLatest(client, signal) {
  const types = [
    ["Heart rate", client.heartRate],
    ["Blood pressure", client.bloodPressure],
    ["Blood glucose", client.bloodGlucose],
    ["Blood oxygen", client.bloodOxygen],
    ["Weight", client.weight],
    ["Body fat", client.bodyFat],
    ["BMI", client.bmi],
    ["Height", client.height],
  ];
  // Of these eight requests, the client sends as many at once as its concurrency allows.
  const readings = await Promise.all(types.map(([, resource]) => resource.latest({ signal })));
  const rows = types.map(([name], index) => {
    const reading = readings[index];
    if (reading === undefined) return [name, "–", "", "", "", ""];
    const value = reading.value ?? `${reading.systolic}/${reading.diastolic}`;
    const at = wallClock(reading.timestamp, reading.tzOffset);
    return [name, value, reading.unit, day(at), timeOfDay(at), reading.source];
  });
  const columns = [
    {},
    { align: "right", style: "bold" },
    {},
    { align: "right", style: "faint" },
    { style: "faint" },
    { style: "faint" },
  ];
  screen.heading("Latest readings");
  for (const line of table(screen, columns, rows)) screen.line(line);
}

async function showActivities(client, query, cost, signal) {
  screen.heading("All activities");
  const types = new Map();
  const ids = new Set();
  const totals = [];
  let read = 0;
  await walk("activities", client.activities.list({ ...query, signal }), cost, (page) => {
    read += page.records.length;
    totals.push(page.totalCount);
    for (const { id, type } of page.records) {
      ids.add(id);
      types.set(type, (types.get(type) ?? 0) + 1);
    }
  });
  if (read > 0) {
    screen.line();
    for (const line of bars(screen, types)) screen.line(line);
  }
  return { read, distinct: ids.size, first: totals[0], last: totals.at(-1) };
}

async function showHeartRate(client, query, cost, signal) {
  screen.heading("A month of heart rate");
  const latest = await client.heartRate.latest({ signal });
  if (latest === undefined) {
    screen.line("  There is none.");
    return;
  }
  const month = hoursOfDays();
  await walk("readings", client.heartRate.readings({ ...monthUpTo(latest), ...query, signal }), cost, (page) => {
    for (const reading of page.records) month.add(reading);
  });
  const days = month.days();
  if (days.length === 0) return;

  screen.line();
  for (const line of heatMap(screen, days, { unit: "bpm" })) screen.line(line);
  const { lowest, highest } = month;
  const night = month.mean(0, 6);
  const noon = month.mean(12, 18);
  screen.line();
  if (night > 0 && noon > 0) {
    screen.line(`  ${paint("bold", Math.round(night))} bpm at night (0 to 6), ${paint("bold", Math.round(noon))} in the afternoon (12 to 18)`);
  }
  screen.line(
    `  lowest ${paint("bold", lowest.value)} on ${day(lowest.at)} at ${timeOfDay(lowest.at)}, ` +
      `highest ${paint("bold", highest.value)} on ${day(highest.at)} at ${timeOfDay(highest.at)}`,
  );
}

/** Reads `pages` to the end, and shows the progress. */
async function walk(what, pages, cost, take) {
  const shown = progress(screen, what, { note: () => waiting(cost.pause) });
  try {
    for await (const page of pages.byPage()) {
      take(page);
      shown.add(page.records.length, page.totalCount);
    }
    shown.end();
  } catch (error) {
    shown.cancel();
    throw error;
  }
}

function showCost(cost, took) {
  const figures = [
    [count(cost.requests), cost.requests === 1 ? "request" : "requests"],
    [count(cost.retries), cost.retries === 1 ? "retry" : "retries"],
    [cost.mostAtOnce, "at once at most"],
    [duration(cost.answering / Math.max(1, cost.answers)), "for an answer"],
    ...(cost.bytes > 0 ? [[bytes(cost.bytes), "of JSON"]] : []),
    [duration(took), "in all"],
  ];
  screen.heading("What it cost");
  const texts = figures.map(([figure, name]) => `${figure} ${name}`);
  for (const line of wrapped(texts.join(" · "), screen.width - 4, " · ")) screen.line(`  ${line}`);
  for (const warning of cost.warnings) screen.line(`  ${paint("yellow", `note: ${warning}`)}`);
}

/** Shows whether everything was read, by the server's total and by the ids. */
function showVerdict({ read, distinct, first, last }) {
  screen.line();
  const repeated = read - distinct;
  if (repeated > 0) {
    screen.line(`  ${paint("red", "✘")} ${counted(repeated, "activity", "activities")} came twice`);
    return false;
  }
  const words = `${count(distinct)} activities read`;
  if (last === undefined) {
    screen.line(`  ${paint("green", "✔")} ${paint("bold", words)}; the server does not tell how many there are`);
    return true;
  }
  if (distinct === last) {
    screen.line(`  ${paint("green", "✔")} ${paint("bold", `${words}, none missing`)}`);
    return true;
  }
  if (first !== last) {
    screen.line(`  ${paint("green", "✔")} ${words}; the list went from ${count(first)} to ${count(last)} meanwhile`);
    return true;
  }
  screen.line(`  ${paint("red", "✘")} ${words}, but the server counts ${count(last)}`);
  return false;
}
