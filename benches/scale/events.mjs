// Virtual time: a queue of events, processes that wait for them, and stations at which they queue. A process is a
// generator; it yields a function that is given what resumes it.

/** A world whose clock moves from event to event, in seconds. */
export function world() {
  const heap = [];
  let order = 0;
  const self = {
    now: 0,
    /** Calls `action` at a time. Of one time, the first that was asked for comes first. */
    at(time, action) {
      if (!(time >= 0)) throw new Error(`nothing can happen at ${time}`);
      push(heap, { time: Math.max(time, self.now), order: order++, action });
    },
    /** Starts a process. Returns what ends it, wherever it is; its `finally` blocks are run. */
    start(generator) {
      let ended = false;
      /** Returns whether there was still a process. */
      const resume = () => {
        if (ended) return false;
        const { done, value: wait } = generator.next();
        if (done) ended = true;
        else wait(resume);
        return true;
      };
      resume();
      return () => {
        if (ended) return;
        ended = true;
        generator.return();
      };
    },
    /** Yielded by a process, lets it go on after so many seconds. */
    pause: (seconds) => (resume) => self.at(self.now + seconds, resume),
    /** Runs until this time. */
    run(until) {
      while (heap.length > 0 && heap[0].time <= until) {
        const { time, action } = pop(heap);
        self.now = time;
        action();
      }
      self.now = until;
    },
  };
  return self;
}

/** So many places; who finds none waits, first come, first served. */
export function station(world, places) {
  const waiting = [];
  let taken = 0;
  let busy = 0;
  let since = 0;
  let closedUntil = 0;

  function count(change) {
    busy += taken * (world.now - since);
    since = world.now;
    taken += change;
  }
  function next() {
    if (world.now < closedUntil) return;
    while (taken < places && waiting.length > 0) {
      count(1);
      // One that has ended while it waited leaves at once.
      if (!waiting.shift()()) count(-1);
    }
  }
  return {
    /** Yielded by a process, waits for a place. */
    enter: () => (resume) => {
      waiting.push(resume);
      next();
    },
    leave() {
      count(-1);
      next();
    },
    /** Lets nobody in until then. */
    close(until) {
      closedUntil = Math.max(closedUntil, until);
      world.at(closedUntil, next);
    },
    /** The places that were taken so far, times the seconds for which they were. */
    busy: () => busy + taken * (world.now - since),
  };
}

function isBefore(one, other) {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}

/** A binary heap: each event comes before the two at twice its place and one more. */
function push(heap, event) {
  let place = heap.length;
  heap.push(event);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(event, heap[parent])) break;
    heap[place] = heap[parent];
    place = parent;
  }
  heap[place] = event;
}

function pop(heap) {
  const first = heap[0];
  const event = heap.pop();
  if (heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
    if (!isBefore(heap[child], event)) break;
    heap[place] = heap[child];
    place = child;
  }
  heap[place] = event;
  return first;
}
