import { jobs } from "./jobs.js";

globalThis.outcome = jobs(new URLSearchParams(location.search).get("api"));
