// Runs a folder of a Postman collection through newman against a sandbox, and prints what was answered as JSON:
// [{"name", "status", "body"}]. The collection stays where it is; what is rewritten of it is rewritten in memory.
//
// One argument, JSON: {"newman": folder of the package, "collection": file, "folder": name, "base": the sandbox's URL,
// "values": the environment, "placeholders": words in the bodies of single requests, {"request": {"WORD": value}}}.
const fs = require("fs");
const wanted = JSON.parse(process.argv[2]);
const newman = require(wanted.newman);

const collection = JSON.parse(fs.readFileSync(wanted.collection, "utf8"));
const folder = collection.item.find((item) => item.name === wanted.folder);
for (const { name, request } of folder.item) {
  // The sandbox answers for the real host, whose name goes along.
  const [, host, path] = request.url.raw.match(/^https:\/\/([^/]+)(\/.*)$/);
  request.url = wanted.base + path;
  request.header = [...(request.header || []), { key: "Host", value: host }];
  for (const [word, value] of Object.entries(wanted.placeholders[name] || {})) {
    request.body.raw = request.body.raw.replaceAll(word, value);
  }
}

const values = Object.entries(wanted.values).map(([key, value]) => ({ key, value }));
const options = { collection: { ...collection, item: [folder] }, environment: { values }, timeoutRequest: 60000 };
newman.run(options, (error, summary) => {
  if (error) throw error;
  const answers = summary.run.executions.map(({ item, response, requestError }) => ({
    name: item.name,
    status: response ? response.code : 0,
    body: response ? response.text() : String(requestError),
  }));
  process.stdout.write(JSON.stringify(answers));
});
