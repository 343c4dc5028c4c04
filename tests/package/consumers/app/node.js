import { read } from "./read.js";

// No top-level await: this is also bundled as CommonJS.
read(process.argv[2]).then((outcome) => console.log(JSON.stringify(outcome)));
