// The names of all cases that the package's stores have to pass.

import { required } from "../../node/support/installed.mjs";
import { testOwn } from "../programs/own-cases.js";

const { testStore } = required("humansync/stores/testing");

/** In the order in which they are declared. */
export const CASES = [];
const declared = { test: (name) => CASES.push(name) };
testStore(() => {}, declared);
testOwn(() => {}, declared);
