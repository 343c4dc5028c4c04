// `require("humansync/stores/memory")`: the very module that `import` gives.

module.exports = require("./memory.js");
