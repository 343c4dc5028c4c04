// The page on which the harness's tests try out an engine.

const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
worker.onmessage = ({ data: { id, value, error } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) resolve(value);
  else reject(new Error(error));
};

/** Runs a task in the worker. */
function work(task, given) {
  return new Promise((resolve, reject) => {
    const id = crypto.randomUUID();
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, task, given });
  });
}

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("harness", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("things");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function stored(mode, use) {
  const transaction = (await database()).transaction("things", mode);
  const request = use(transaction.objectStore("things"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
  });
}

const file = document.querySelector("#file");
const said = document.querySelector("#said");
const heard = [];
new BroadcastChannel("harness").onmessage = ({ data }) => heard.push(data);
let release;
let timers = 0;
let hidden = 0;

globalThis.harness = {
  work,
  heard,
  put: (key, value) => stored("readwrite", (things) => things.put(value, key)),
  get: (key) => stored("readonly", (things) => things.get(key)),
  keep: (key) => harness.put(key, file.files[0]),
  async digestOf(key) {
    return work("digest", key === undefined ? file.files[0] : await harness.get(key));
  },
  tell: (text) => new BroadcastChannel("harness").postMessage(text),
  /** Resolves when the lock is held. `release` releases it. */
  hold: (name) => new Promise((resolve) => navigator.locks.request(name, () => new Promise((done) => {
    release = done;
    resolve();
  }))),
  release: () => release(),
  count: () => ({ timers, hidden }),
};

setInterval(() => {
  timers += 1;
  if (document.visibilityState === "hidden") hidden += 1;
}, 20);
document.querySelector("#greet").onclick = () => (said.textContent = `Good day, ${document.querySelector("#name").value}`);
document.querySelector("#name").onkeydown = ({ key }) => {
  if (key === "Escape") said.textContent = "Escaped";
};
for (const id of ["day", "kind"]) {
  const input = document.getElementById(id);
  input.onchange = () => (said.textContent = `${id}: ${input.value}`);
}
file.onchange = () => (said.textContent = `${file.files[0].name}, ${file.files[0].size} bytes`);
document.querySelector("#later").onclick = () => (said.textContent = "At last");
setTimeout(() => (document.querySelector("#later").disabled = false), 300);
document.querySelector("#ready").textContent = "Ready";
