// `require("humansync")`: the very module that `import` gives, so that there is one copy of every class.
// Node can require it since 20.19 and 22.12.

module.exports = require("./node.js");
