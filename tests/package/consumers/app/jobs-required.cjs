const { HumanClient } = require("humansync/read");
const { SampleUploader } = require("humansync/send");

const baseUrl = process.argv[2];
const plan = new SampleUploader({ baseUrl, token: "demo" }).plan("steps", []);
const weight = new HumanClient({ accessToken: "demo", baseUrl }).weight.latest();
Promise.all([weight, plan]).then(([{ unit }, { samples }]) => console.log(unit, samples));
