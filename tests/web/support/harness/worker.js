// The tasks that the harness's page runs in a worker.

/** `(module (func (export "seven") (result i32) i32.const 7))` */
const SEVEN = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 9, 1, 5, 115, 101, 118, 101, 110, 0, 0, 10, 6, 1, 4, 0, 65, 7, 11,
]);

let ticks = 0;
setInterval(() => (ticks += 1), 20);
let turns = 0;
/** Messages that give the event loop a turn without a timer. */
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  turns += 1;
  if (turning) port2.postMessage(null);
};
let turning = false;

const tasks = {
  async digest(blob) {
    let size = 0;
    for (const reader = blob.stream().getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    const middle = (await blob.slice(500_000, 500_010).arrayBuffer()).byteLength;
    return { size, middle, digest: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
  },
  async seven() {
    return new WebAssembly.Instance(await WebAssembly.compile(SEVEN)).exports.seven();
  },
  evaluates() {
    return (0, eval)("1 + 1");
  },
  async gunzip(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  },
  lock: (name) => navigator.locks.request(name, () => performance.timeOrigin + performance.now()),
  turn() {
    turning = true;
    port2.postMessage(null);
  },
  count: () => ({ ticks, turns }),
  databases: () => new Promise((resolve, reject) => {
    const request = indexedDB.open("harness", 1);
    request.onsuccess = () => {
      const names = [...request.result.objectStoreNames];
      request.result.close();
      resolve(names);
    };
    request.onerror = () => reject(request.error);
  }),
};

onmessage = async ({ data: { id, task, given } }) => {
  try {
    postMessage({ id, value: await tasks[task](given) });
  } catch (error) {
    postMessage({ id, error: `${error.name}: ${error.message}` });
  }
};
