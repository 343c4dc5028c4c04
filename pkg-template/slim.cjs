// `require("humansync/slim")`: the very module that `import` gives.

module.exports = require("./slim.js");
