// A server in a process of its own, which accepts everything that it is sent: `fork`ed, it tells its port, and whenever
// it is asked, how many requests and bytes have come since the last time.

import { createServer } from "node:http";

let [requests, bytes] = [0, 0];

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.on("data", (part) => (bytes += part.length));
  request.on("end", () => {
    requests++;
    // InfluxDB acknowledges without a body.
    if (request.url.startsWith("/api/v2/write")) return response.writeHead(204).end();
    const body = "{}";
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  });
});
process.on("message", () => {
  process.send({ requests, bytes });
  [requests, bytes] = [0, 0];
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
