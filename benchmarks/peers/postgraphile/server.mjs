// PostGraphile on the peers' schema, as its documentation sets it up for production: no explain, no GraphiQL.
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";

// Node 22 has it; with this, Node 20 will do.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new Promise((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
};

const [port, host, user, database] = process.argv.slice(2);
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ poolConfig: { host, user, database, max: 2 }, schemas: ["peers"] })],
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false },
};
const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
server.keepAliveTimeout = 600_000;
await serv.addTo(server);
server.listen(Number(port), "127.0.0.1");
