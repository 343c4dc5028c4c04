import { read } from "./read.js";

globalThis.outcome = read(new URLSearchParams(location.search).get("api"));
