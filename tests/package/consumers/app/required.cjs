const { HumanClient } = require("humansync");

const client = new HumanClient({ accessToken: "demo", baseUrl: process.argv[2] });
client.weight.latest().then(({ unit }) => console.log(unit));
