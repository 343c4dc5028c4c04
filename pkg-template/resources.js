// The resources: what can be read of each data type. Their names and paths are in the catalogue of the WebAssembly; here
// is which methods each kind of them has.

import { define } from "./classes.js";
import { makePages } from "./pages.js";

/** A method that is answered by one request. */
const one = (operation) => ({ client, area, name }, argument, options) =>
  client.one(area, name, operation, argument, options);
/** The same without an argument. */
const only = (operation) => (at, options) => one(operation)(at, undefined, options);
/** A method that gives a list. */
const list = (operation) => ({ client, area, name }, argument, query) =>
  makePages(client.pages(area, name, operation, argument, query));
/** The same without an argument. */
const all = (operation) => (at, query) => list(operation)(at, undefined, query);

const records = { promising: { get: one("get") }, plain: { list: all("list") } };
const readings = {
  promising: { latest: only("latest"), get: one("get"), reading: one("reading") },
  plain: { readings: all("readings"), daily: list("daily") },
};
const days = { plain: { daily: list("daily") } };
const summaries = { promising: { summary: one("summary") }, plain: { summaries: all("summaries") } };
const documents = { promising: { raw: one("raw") } };

const merged = (...members) => ({
  promising: Object.assign({}, ...members.map(({ promising }) => promising)),
  plain: Object.assign({}, ...members.map(({ plain }) => plain)),
});

const discrete = define("DiscreteResource", readings);
const heartRate = define("HeartRateResource", merged(readings, summaries));
const periodic = define("PeriodicResource", merged(records, days, summaries));
const listed = define("ListResource", records);
const ccds = define("CcdResource", merged(records, documents));

const parts = (area, kinds) =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([names, make]) => names.split(" ").map((name) => [name, (client) => make({ client, area, name })])),
  );
const listNames =
  "allergies demographics encounters functionalStatuses immunizations instructions issues medications narratives organizations plansOfCare procedures socialHistory testResults timeline vitals";

const medical = define("MedicalData", {
  promising: { profile: (client, options) => client.one("medical", "profile", "whole", undefined, options) },
  parts: parts("medical", { [listNames]: listed, ccds }),
});

/** What a client has, each over the client of the WebAssembly. */
export const members = {
  promising: {
    summary: (client, options) => client.one("human", "summary", "whole", undefined, options),
    profile: (client, options) => client.one("human", "profile", "whole", undefined, options),
    sources: (client, options) => makePages(client.pages("human", "sources", "whole", undefined, options)).toArray(),
  },
  plain: {
    resource(client, path) {
      // A wrong path is told where it is given, not where it is used.
      client.pages("path", path, "list");
      return listed({ client, area: "path", name: path });
    },
  },
  parts: {
    ...parts("human", {
      "bloodGlucose bloodOxygen bloodPressure bmi bodyFat height weight": discrete,
      heartRate,
      "activities sleeps locations": periodic,
      "meals geneticTraits": listed,
    }),
    medical,
  },
};
