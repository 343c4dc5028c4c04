import { jobs } from "./jobs.js";

// There is no top-level await because this file is also bundled as CommonJS.
jobs(process.argv[2]).then((outcome) => console.log(JSON.stringify(outcome)));
