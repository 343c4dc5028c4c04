// `require("humansync/stores/indexeddb")`: the very module that `import` gives.

module.exports = require("./indexeddb.js");
