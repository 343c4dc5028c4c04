// `require("humansync/stores/file")`: the very module that `import` gives.

module.exports = require("./file.js");
