// In the package this module is the one that the glues import: its folder's name there has a hash in it.

export * from "../../src/bindings/imports/errors.js";
