// `require("humansync/slim/read")`: the very module that `import` gives.

module.exports = require("./read.js");
