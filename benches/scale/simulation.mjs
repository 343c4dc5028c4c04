// The workers as a simulation of discrete events in virtual time: users, the planner, windows, workers that die, lanes
// and the latency behind them, the server's pauses, PostgreSQL. A seed determines all of it.

import { arrivals } from "./arrivals.mjs";
import { COSTS } from "./costs.mjs";
import { Delays } from "./delays.mjs";
import { station, world as newWorld } from "./events.mjs";
import { requestsOf, SETTINGS, SLICES } from "./model.mjs";
import { randomOf } from "./random.mjs";
import { SimulatedWindow } from "./simulated-window.mjs";
import { TYPES } from "./users.mjs";

const HOUR = 3600;
/** Windows are not halved below this length, in seconds, and none is longer than the API takes. */
const SHORTEST = 10;
const LONGEST = 31 * 86_400 - 1;

/** What goes wrong. Times are in seconds; Infinity is never. */
const FAULTS = {
  /** How long a process lives on average, and how long it takes until there is another. */
  life: Infinity,
  restart: 5,
  /** How long its windows and plans wait for it, and how long its lanes. */
  lease: 11,
  laneLease: 6,
  /** How often the server answers 429, on average, and for how long it then wants no requests. */
  pauseEvery: Infinity,
  pause: 10,
  /** From when on nothing can be read, and for how long. */
  outageAt: Infinity,
  outage: 0,
};

/**
 * Simulates an app. It is measured for `hours` after `warmUp` seconds, in which the workers come up to date. `history`
 * seconds before the beginning are there to be read as well. `curve` gives a moment's multiple of the day's average;
 * `settings` and `faults` replace those of the same name.
 */
export function simulate({ users, hours, seed = 1, curve, warmUp = 1800, history = 0, costs = COSTS, ...given }) {
  const settings = { ...SETTINGS, ...given.settings };
  const faults = { ...FAULTS, ...given.faults };
  const random = randomOf(seed);
  const from = history + warmUp;
  const until = from + hours * HOUR;
  const updates = arrivals({ users, seconds: Math.ceil(until), random, curve });

  const world = newWorld();
  world.now = history;
  const lanes = station(world, settings.lanes);
  const database = station(world, settings.databaseCores);
  /** What waits: windows, and the types that are to be planned. */
  const queue = [];
  const due = [...TYPES.keys()];
  /** Of each type: up to which second all is planned, and when that was. */
  const plannedTo = TYPES.map(() => 0);
  const plannedAt = TYPES.map(() => -Infinity);
  /** Of each type: how long its next slice is, and how far before the end of the last one it begins. */
  const slices = TYPES.map(() => SLICES.first);
  const overlaps = TYPES.map(() => settings.overlap);
  const delays = new Delays(from, until);
  const counts = { planning: 0, reading: 0, refused: 0, windows: 0, read: 0, delivered: 0, deaths: 0, takenOver: 0 };
  /** The windows of processes that are alive, and of those that have died, until their lease ends. */
  const held = new Set();
  const leased = new Set();
  let refusedAt = -Infinity;
  let idleAt;

  /** One request, again and again while the server refuses it. */
  function* request(kind, client) {
    for (;;) {
      yield client.enter();
      let sent;
      try {
        sent = yield* answered();
      } finally {
        client.leave();
      }
      if (sent > refusedAt || world.now < refusedAt) break;
      counts.refused++;
    }
    counts[kind]++;
  }

  /** From the wait for a lane to the answer. Returns when it was sent. */
  function* answered() {
    yield lanes.enter();
    const sent = world.now;
    let isAnswered = false;
    try {
      yield world.pause(settings.latency / 2 + random.exponential(settings.latency / 2));
      isAnswered = true;
    } finally {
      // The lane of a process that was killed is free when its lease has ended.
      if (isAnswered) lanes.leave();
      else world.at(world.now + faults.laneLease, lanes.leave);
    }
    return sent;
  }

  /** Plans a slice of a type. Its windows are there when all of them are found; the next slice follows at once. */
  function* plan(type, { client }) {
    yield* request("planning", client); // for the server's clock
    const closed = Math.floor(world.now) - settings.closedAfter;
    const windows = [];
    const from = Math.max(0, plannedTo[type] - overlaps[type]);
    const sliceLength = Math.max(slices[type], 2 * settings.overlap);
    const end = Math.min(closed, from + sliceLength);
    let begin = from;
    let length = LONGEST;
    while (begin < end) {
      const before = Math.min(end, begin + length);
      yield* request("planning", client); // for the total
      const records = updates[type][before] - updates[type][begin];
      if (records > settings.windowRecords && before - begin > SHORTEST) {
        length = Math.max(SHORTEST, Math.floor((before - begin) / 2));
        continue;
      }
      if (records <= settings.windowRecords / 4) length = Math.min(LONGEST, length * 2);
      windows.push(new SimulatedWindow(updates[type], begin, before, plannedTo[type]));
      begin = before;
    }
    // Only where the server's clock is past by less than the overlap, the last minutes are planned again.
    const isPast = end + settings.overlap < closed;
    if (isPast) yield* request("planning", client);
    queue.push(...windows);
    counts.windows += windows.length;
    plannedTo[type] = Math.max(plannedTo[type], end);
    overlaps[type] = isPast ? 0 : settings.overlap;
    if (end < closed) {
      slices[type] = Math.min(Math.max(sliceLength * Math.min(Math.max(SLICES.aim / Math.max(windows.length, 1), 1 / SLICES.step), SLICES.step), SLICES.shortest), SLICES.longest);
      slices[type] = Math.floor(slices[type]);
      due.push(type);
      return;
    }
    plannedAt[type] = world.now;
    world.at(world.now + settings.every, () => due.push(type));
  }

  /** A process: one client and one thread for its windows and plans, and a life. */
  function startProcess() {
    const work = {
      client: station(world, settings.concurrency),
      thread: station(world, 1),
      ends: new Set(),
      windows: new Set(),
      types: new Set(),
    };
    held.add(work.windows);
    for (let slot = 0; slot < settings.slots; slot++) spawn(work, worker(queue, work.windows, (window) => walk(window, work)));
    for (let slot = 0; slot < settings.plans; slot++) spawn(work, worker(due, work.types, (type) => plan(type, work)));
    if (faults.life === Infinity) return;
    world.at(world.now + random.exponential(faults.life), () => {
      counts.deaths++;
      for (const end of work.ends) end();
      held.delete(work.windows);
      for (const window of work.windows) takeOver(window);
      for (const type of work.types) world.at(world.now + faults.lease, () => due.unshift(type));
      world.at(world.now + faults.restart, startProcess);
    });
  }

  function takeOver(window) {
    leased.add(window);
    world.at(world.now + faults.lease, () => {
      counts.takenOver++;
      leased.delete(window);
      queue.unshift(window);
    });
  }

  function spawn(work, process) {
    work.ends.add(world.start(process));
  }

  /** Does one job after the other, and looks for one now and then while there is none. */
  function* worker(jobs, inHand, doJob) {
    yield world.pause(random.uniform() * settings.poll);
    for (;;) {
      const job = jobs.shift();
      if (job === undefined) {
        yield world.pause(settings.poll);
        continue;
      }
      inHand.add(job);
      yield* doJob(job);
      inHand.delete(job);
      idle();
    }
  }

  /** Reads a window: the first page, then several at once. Pages are committed one after the other, in their order. */
  function* walk(window, work) {
    const { client, thread } = work;
    yield* request("reading", client);
    const pages = requestsOf(window.left, settings);
    let sent = 1;
    let [ready, resume] = [1, undefined];
    const bound = (committed) => sent < pages && sent - committed < 2 * settings.concurrency;
    let [committed, readers] = [0, 0];

    function* reader() {
      while (bound(committed)) {
        sent++;
        yield* request("reading", client);
        ready++;
        const waiting = resume;
        resume = undefined;
        waiting?.();
      }
      readers--;
    }
    for (; committed < pages; committed++) {
      while (readers < settings.concurrency && bound(committed)) {
        readers++;
        spawn(work, reader());
      }
      if (ready <= committed) yield (wake) => (resume = wake);
      yield* commit(window, committed === 0 ? settings.pageRecords : settings.pageRecords - 1, thread);
    }
  }

  function* commit(window, most, thread) {
    const { records, fresh } = window.page(most);
    const share = records / settings.pageRecords;
    yield* served(thread, (share * (costs.readMs + costs.writeMs)) / 1000);
    const databaseMs = (fresh * costs.databaseFreshMs + (records - fresh) * costs.databaseAgainMs) / settings.pageRecords;
    yield* served(database, databaseMs / 1000);
    counts.read += records;
    counts.delivered += fresh;
    window.commit(records, (second, number) => delays.add(second, world.now - second - 0.5, number));
  }

  function* served(place, seconds) {
    yield place.enter();
    try {
      yield world.pause(seconds);
    } finally {
      place.leave();
    }
  }

  /** Every window that is planned and not done. */
  const open = () => [...queue, ...leased, ...[...held].flatMap((windows) => [...windows])];

  /** Notes when everything that was planned is done, after the history or the outage. */
  function idle() {
    const behind = faults.outageAt < Infinity ? faults.outageAt + faults.outage : history;
    const isPlanned = () => plannedAt.every((at) => at > behind);
    if (idleAt === undefined && isPlanned() && open().length === 0) idleAt = world.now - behind;
  }

  function* pauses() {
    for (;;) {
      yield world.pause(random.exponential(faults.pauseEvery));
      refusedAt = world.now;
      lanes.close(world.now + faults.pause);
    }
  }

  for (let process = 0; process < settings.processes; process++) startProcess();
  if (faults.pauseEvery < Infinity) world.start(pauses());
  if (faults.outageAt < Infinity) world.at(faults.outageAt, () => lanes.close(faults.outageAt + faults.outage));

  world.run(from);
  const before = { ...counts, busy: lanes.busy(), databaseBusy: database.busy() };
  world.run(until);
  const seconds = until - from;
  const difference = (key) => counts[key] - before[key];
  return {
    planningAnHour: difference("planning") / hours,
    readingAnHour: difference("reading") / hours,
    recordsAnHour: difference("delivered") / hours,
    readAnHour: difference("read") / hours,
    windowsAnHour: difference("windows") / hours,
    refused: difference("refused"),
    deaths: difference("deaths"),
    takenOver: difference("takenOver"),
    load: (lanes.busy() - before.busy) / seconds / settings.lanes,
    databaseLoad: (database.busy() - before.databaseBusy) / seconds / settings.databaseCores,
    medianDelay: delays.quantile(0.5),
    delay99: delays.quantile(0.99),
    /** Seconds from the end of the history, or of the outage, until all that was planned was done. */
    caughtUp: idleAt ?? Infinity,
    /** The records that were planned; those of them that are committed, and that are in windows that are not done. */
    planned: sum(updates, (sums, type) => sums[plannedTo[type]]),
    delivered: counts.delivered,
    underWay: sum(open(), (window) => window.newLeft()),
  };
}

function sum(items, valueOf) {
  return items.reduce((all, item, index) => all + valueOf(item, index), 0);
}
