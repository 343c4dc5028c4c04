// A cluster whose only worker takes the lock "name", prints "held" and keeps it. The parent first prints the worker's id.

import cluster from "node:cluster";
import { argv, stdin } from "node:process";
import { createStore } from "humansync/stores/file";

if (cluster.isPrimary) {
  cluster.setupPrimary({ args: argv.slice(2) });
  console.log(cluster.fork().process.pid);
} else {
  const store = await createStore(argv[2]);
  await store.lock("name", async () => {
    console.log("held");
    await new Promise((resolve) => stdin.once("data", resolve));
  });
}
