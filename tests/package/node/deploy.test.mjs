// The files of examples/deploy, as far as they can be checked without a Docker engine, a cluster or a running systemd.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BUN, unlessInstalled } from "../stores/support/programs.mjs";
import { stagesOf } from "./support/dockerfile.mjs";
import { folder, root } from "./support/installed.mjs";
import { unitOf } from "./support/unit.mjs";

const FOLDER = "examples/deploy";
const UNIT = "humansync-worker@.service";
/** The most exposure that `systemd-analyze security` may find: from 0 to 10. */
const MOST_EXPOSURE = 2;
const semver = createRequire(import.meta.url)("semver");
const run = promisify(execFile);

const read = (name) => readFileSync(join(root, FOLDER, name), "utf8");
const manifest = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json"));
const stages = stagesOf(read("Dockerfile"));
const last = stages.at(-1);
const all = stages.flatMap(({ instructions }) => instructions);
const valuesOf = (stage, instruction) => stage.instructions.filter((one) => one.instruction === instruction).map(({ words }) => words);

test("Dockerfile: it has only instructions that Docker knows", () => {
  const known = new Set(["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "RUN", "STOPSIGNAL", "USER", "WORKDIR"]);
  assert.deepEqual(all.filter(({ instruction }) => !known.has(instruction)), []);
});

test("Dockerfile: everything that is copied exists, and is sent to the builder", () => {
  const sent = read("Dockerfile.dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  let copied = 0;
  for (const [index, { instructions }] of stages.entries()) {
    for (const { flags, words } of instructions.filter(({ instruction }) => instruction === "COPY")) {
      const from = flags.find((flag) => flag.startsWith("--from="))?.slice("--from=".length);
      if (from !== undefined) {
        assert.ok(stages.slice(0, index).some(({ name }) => name === from), `there is no stage ${from} before`);
        continue;
      }
      for (const source of words.slice(0, -1)) {
        copied++;
        assert.ok(existsSync(join(root, source)), `${source} does not exist`);
        assert.ok(sent.some((path) => source === path || source.startsWith(`${path}/`)), `${source} is not sent to the builder`);
      }
    }
  }
  assert.ok(copied >= 4);
});

test("Dockerfile: its Node is one that the package, pg-boss and the worker take", () => {
  for (const { image } of stages) {
    const [, version] = /^node:(\d+\.\d+)-\w+-slim$/.exec(image) ?? assert.fail(`${image} does not say which Node it has`);
    const boss = JSON.parse(readFileSync(join(root, "node_modules/pg-boss/package.json"), "utf8"));
    const library = JSON.parse(readFileSync(join(root, "dist/package.json"), "utf8"));
    for (const { name, engines } of [manifest, boss, library]) assert.ok(semver.satisfies(`${version}.0`, engines.node), `${name} does not take Node ${version}`);
  }
});

test("Dockerfile: the lock file is used, and it has what package.json asks for", () => {
  const commands = stages.flatMap((stage) => valuesOf(stage, "RUN")).map((words) => words.join(" "));
  assert.ok(commands.some((command) => /^npm ci .*--omit=dev/.test(command)));
  assert.ok(!commands.some((command) => /npm (install|i)\b/.test(command)));
  assert.deepEqual(lock.packages[""].dependencies, manifest.dependencies);
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    const locked = lock.packages[`node_modules/${name}`];
    if (version.startsWith("file:")) assert.deepEqual([locked.resolved, locked.link], [version, undefined]);
    else assert.equal(locked.version, version);
  }
  const tested = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;
  for (const name of ["pg", "pg-boss"]) assert.equal(manifest.dependencies[name], tested[name], `${name} is the version that is tested`);
  const others = Object.entries(lock.packages).filter(([path]) => path.startsWith("node_modules/") && path !== "node_modules/humansync");
  assert.ok(others.length > 5 && others.every(([, { integrity }]) => integrity?.startsWith("sha512-")), "each has its hash");
});

test("Dockerfile: the worker is not root, stops on the signal that it is sent, and is found", () => {
  const [[user]] = valuesOf(last, "USER").slice(-1);
  assert.match(user, /^[1-9]\d*:[1-9]\d*$/);
  const [[signal]] = valuesOf(last, "STOPSIGNAL");
  assert.ok(read("worker.mjs").includes(`"${signal}"`));
  const [[program, script]] = valuesOf(last, "CMD");
  assert.equal(program, "node");
  const copied = valuesOf(last, "COPY").flatMap((words) => words.slice(0, -1));
  assert.ok(copied.includes(`${FOLDER}/${script}`));
  const order = last.instructions.map(({ instruction }) => instruction);
  assert.ok(order.lastIndexOf("USER") > order.lastIndexOf("COPY"), "what it runs is not its own");
});

test("Dockerfile: the package is where `file:../../dist` looks for it, and is copied to where it finds pg-boss", () => {
  const [workdir] = valuesOf(stages[0], "WORKDIR").at(-1);
  const [, target] = valuesOf(stages[0], "COPY").find(([source]) => source === "dist");
  assert.equal(join(workdir, manifest.dependencies.humansync.slice("file:".length)), target);
  // A link would lead to a folder outside, from which Node looks for packages in other places.
  assert.match(read(".npmrc"), /^install-links=true$/m);
  const order = stages[0].instructions.map(({ instruction, words }) => `${instruction} ${words.join(" ")}`);
  assert.ok(order.findIndex((line) => line.includes(".npmrc")) < order.findIndex((line) => line.startsWith("RUN npm ci")));
  const [from, to] = valuesOf(last, "COPY")[0];
  assert.deepEqual([from, to], [join(workdir, "node_modules"), "./node_modules"]);
});

test("no file has a secret, or takes one while the image is built", () => {
  const names = all.filter(({ instruction }) => instruction === "ARG" || instruction === "ENV").map(({ words }) => words[0].split("=")[0]);
  assert.deepEqual(names, ["NODE_ENV"]);
  for (const name of ["Dockerfile", UNIT, "kubernetes.yaml", "worker.mjs", "package.json"]) {
    assert.doesNotMatch(read(name), /postgres(ql)?:\/\/[^\s"']*:[^\s"']*@/, `${name} has a password`);
  }
});

test("systemd: the unit restarts, stops in time, and has its secrets as credentials", () => {
  const { Unit, Service, Install } = unitOf(read(UNIT));
  assert.deepEqual(Service.Restart, ["always"]);
  assert.deepEqual(Unit.StartLimitIntervalSec, ["0"]);
  assert.deepEqual(Service.KillSignal, ["SIGTERM"]);
  assert.ok(Number(Service.TimeoutStopSec[0]) >= 30);
  assert.deepEqual(Service.DynamicUser, ["yes"]);
  assert.deepEqual(Install.WantedBy, ["multi-user.target"]);
  const credentials = Service.LoadCredential.map((credential) => credential.split(":")[0]);
  const files = Service.Environment.flatMap((line) => line.split(" ")).filter((variable) => variable.includes("_FILE="));
  assert.deepEqual(files.sort(), ["APP_KEY_FILE=%d/app-key", "DATABASE_URL_FILE=%d/database-url"]);
  for (const file of files) assert.ok(credentials.includes(file.split("%d/")[1]));
});

test("systemd: systemd itself takes the unit, and finds it well enclosed", unlessSystemd(), async (t) => {
  const place = mkdtempSync(join(tmpdir(), "humansync-unit-"));
  t.after(() => rmSync(place, { recursive: true }));
  // The paths are those of the machine that it is for.
  const unit = read(UNIT).replace("/usr/bin/node", process.execPath).replaceAll("/opt/humansync/examples/deploy", place);
  writeFileSync(join(place, UNIT), unit);
  const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", `./${UNIT}`], { cwd: place });
  assert.equal(stdout + stderr, "");
  const { stdout: table } = await run("systemd-analyze", ["security", "--offline=true", "--no-pager", `./${UNIT}`], { cwd: place });
  const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(table);
  assert.ok(Number(exposure) <= MOST_EXPOSURE, `the exposure is ${exposure}`);
});

test("Kubernetes: the manifest says what matters", unlessInstalled(BUN), async () => {
  const [deployment, budget] = await yaml(read("kubernetes.yaml"));
  assert.deepEqual([deployment.apiVersion, deployment.kind], ["apps/v1", "Deployment"]);
  assert.deepEqual([budget.apiVersion, budget.kind], ["policy/v1", "PodDisruptionBudget"]);
  const { replicas, selector, template } = deployment.spec;
  assert.ok(replicas > budget.spec.minAvailable, "a node can be drained");
  for (const { matchLabels } of [selector, budget.spec.selector]) assert.deepEqual(matchLabels, template.metadata.labels);
  const pod = template.spec;
  assert.ok(pod.terminationGracePeriodSeconds >= 30);
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(`${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`, valuesOf(last, "USER").at(-1)[0]);
  const [container, ...more] = pod.containers;
  assert.deepEqual(more, []);
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
  assert.deepEqual({ allowPrivilegeEscalation, readOnlyRootFilesystem, drop: capabilities.drop }, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, drop: ["ALL"] });
  assert.ok(container.resources.requests.cpu && container.resources.requests.memory && container.resources.limits.memory);
  assert.equal(container.livenessProbe, undefined);
  const secrets = container.env.filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined).map(({ name }) => name);
  assert.deepEqual(secrets.sort(), ["APP_KEY", "DATABASE_URL"]);
  const known = namesIn(read("worker.mjs"));
  for (const { name, value } of container.env) {
    assert.ok(known.has(name), `the worker does not read ${name}`);
    assert.ok(value === undefined || typeof value === "string", `${name} is a string`);
  }
});

test("worker.mjs: Node can read it, and it says what is missing without a secret", async (t) => {
  await run(process.execPath, ["--check", join(root, FOLDER, "worker.mjs")]);
  const place = mkdtempSync(join(folder, "deploy-"));
  t.after(() => rmSync(place, { recursive: true }));
  // The entry is not loaded by a Node that is too old, and does not matter for what is tested here.
  mkdirSync(join(place, "node_modules"));
  cpSync(new URL("support/no-workers", import.meta.url), join(place, "node_modules/humansync"), { recursive: true });
  cpSync(join(root, FOLDER, "worker.mjs"), join(place, "worker.mjs"));
  const said = (env) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(place, "worker.mjs")], { env, encoding: "utf8", timeout: 20_000 });
    assert.deepEqual([status, stderr], [1, ""]);
    return JSON.parse(stdout).message;
  };
  assert.equal(said({}), "DATABASE_URL is missing in the environment");
  assert.equal(said({ DATABASE_URL: "postgres://me:secret@localhost/x", CONCURRENCY: "many" }), "CONCURRENCY must be a whole number above 0");
  assert.doesNotMatch(said({ DATABASE_URL: "postgres://me:secret@127.0.0.1:1/x", APP_KEY: "hidden" }), /secret|hidden/);
});

/** The variables that a program reads. */
function namesIn(source) {
  return new Set([...source.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, name]) => name));
}

/** The documents of a text in YAML, read by Bun, which has a parser. */
async function yaml(text) {
  const program = "console.log(JSON.stringify(Bun.YAML.parse(process.argv.at(-1))))";
  const { stdout } = await run(BUN.command[0], ["-e", program, text]);
  return JSON.parse(stdout);
}

function unlessSystemd() {
  const found = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
  const version = Number(/^systemd (\d+)/.exec(found.stdout ?? "")?.[1] ?? 0);
  return { skip: version >= 250 ? false : "there is no systemd-analyze of systemd 250 or newer" };
}
