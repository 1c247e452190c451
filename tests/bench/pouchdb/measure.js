// Measures PouchDB against a pouchdb-server: node measure.js all SERVER DATA DOCUMENTS SIZE…
// DOCUMENTS is a file with a JSON array. Prints a JSON object for each batch size, in milliseconds.
// With "push" for "all" it only sends, and with "nothing" it then asks once more: for counting bytes outside.
"use strict";
const fs = require("fs");
const path = require("path");
const PouchDB = require("pouchdb");

const [what, server, data, documents, ...sizes] = process.argv.slice(2);
const docs = JSON.parse(fs.readFileSync(documents, "utf8"));

async function timed(work) {
  const before = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - before) / 1e6;
}

async function measure(size) {
  const options = { batch_size: size, batches_limit: 10 };
  const remote = `${server}/bench-${size}`;
  const first = new PouchDB(path.join(data, `first-${size}`));
  await first.bulkDocs(docs.map((doc) => ({ ...doc })));
  await new PouchDB(remote).info();
  const push = await timed(() => first.replicate.to(remote, options));
  const second = new PouchDB(path.join(data, `second-${size}`));
  await second.info();
  const pull = await timed(() => second.replicate.from(remote, options));
  if ((await second.info()).doc_count !== docs.length) throw new Error("not everything arrived");
  const nothing = [];
  for (let i = 0; i < 20; i++) nothing.push(await timed(() => PouchDB.sync(second, remote, options)));
  nothing.sort((a, b) => a - b);
  await first.destroy();
  await second.destroy();
  return { size, push, pull, nothing: nothing[10] };
}

async function once(size) {
  const local = new PouchDB(path.join(data, "local"));
  const remote = `${server}/wire`;
  const options = { batch_size: size };
  if (what === "nothing") return PouchDB.sync(local, remote, options);
  await local.bulkDocs(docs);
  return local.replicate.to(remote, options);
}

(async () => {
  if (what !== "all") return once(Number(sizes[0]));
  for (const size of sizes.map(Number)) console.log(JSON.stringify(await measure(size)));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
