// `require("humansync/slim/send")`: the very module that `import` gives.

module.exports = require("./send.js");
