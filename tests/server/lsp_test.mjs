// The language server driven by a real client: vscode-languageserver-protocol over standard input and output.
//
//   node lsp_test.mjs BINARY
//
// Needs `npm ci --prefix tests/server --ignore-scripts`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

const lsp = createRequire(import.meta.url)("vscode-languageserver-protocol/node");
const binary = process.env.PYDEFRAG ?? process.argv[2];
const made = [];
const started = [];
// A server whose test failed would keep this process waiting for it.
after(() => {
  started.forEach((server) => server.kill());
  made.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

// How long an analysis may take before answers come without it: on a busy machine, any may take long.
const SMALL = { answerWithin: 3_600_000 };
// As if analysing the whole project took too long to wait for it.
const LARGE = { answerWithin: 0 };

const SHOP = {
  "pyproject.toml": "",
  "shop/__init__.py": "",
  "shop/cart.py": "class Cart: ...\n",
  "shop/api.py": "from shop.cart import Cart as Cart\ndef pay(): ...\n",
  "till.py": "from shop.cart import Cart\n",
  "report.py": "import os\nfrom shop.api import Cart, pay\nCart()\n",
};

class Client {
  constructor(files, capabilities = {}, initializationOptions = SMALL) {
    this.folder = mkdtempSync(join(tmpdir(), "pydefrag-lsp-"));
    made.push(this.folder);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.process = spawn(binary, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    started.push(this.process);
    this.exited = new Promise((done) => this.process.on("exit", done));
    this.connection = lsp.createProtocolConnection(
      new lsp.StreamMessageReader(this.process.stdout), new lsp.StreamMessageWriter(this.process.stdin));
    this.diagnostics = new Map(); // path -> the last ones that were pushed
    this.pushes = 0;
    this.waiting = [];
    this.registered = [];
    this.refreshes = 0;
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
      this.pushes += 1;
      this.diagnostics.set(params.uri, params);
      this.waiting.splice(0).forEach((wake) => wake());
    });
    this.connection.onRequest(lsp.RegistrationRequest.type, ({ registrations }) => {
      this.registered.push(...registrations);
    });
    this.connection.onRequest(lsp.DiagnosticRefreshRequest.type, () => { this.refreshes += 1; });
    this.connection.listen();
    this.capabilities = capabilities;
    this.initializationOptions = initializationOptions;
  }

  write(path, text) {
    const place = join(this.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  uri(path) {
    return pathToFileURL(join(this.folder, path)).href;
  }

  async start() {
    this.answer = await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: this.uri("").replace(/\/$/, ""), workspaceFolders: null,
      capabilities: this.capabilities, initializationOptions: this.initializationOptions,
    });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    return this;
  }

  open(path, text, version = 1) {
    return this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), languageId: "python", version, text } });
  }

  change(path, version, ...contentChanges) {
    return this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri(path), version }, contentChanges });
  }

  // Waits until the diagnostics pushed for `path` are as `wanted` says.
  async pushed(path, wanted) {
    for (;;) {
      const params = this.diagnostics.get(this.uri(path));
      if (params && wanted(params.diagnostics, params)) return params;
      await new Promise((wake) => this.waiting.push(wake));
    }
  }

  at(path, line, character) {
    return { textDocument: { uri: this.uri(path) }, position: { line, character } };
  }

  async actions(path, line, context = { diagnostics: [] }) {
    const end = { line, character: 200 };
    return this.connection.sendRequest(lsp.CodeActionRequest.type, {
      textDocument: { uri: this.uri(path) }, range: { start: { line, character: 0 }, end }, context });
  }

  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    await this.connection.sendNotification(lsp.ExitNotification.type);
    const status = await this.exited;
    this.connection.dispose();
    return status;
  }
}

// What `edits` make of `text`; positions are UTF-16.
function edited(text, edits) {
  const lines = text.split("\n");
  const offset = ({ line, character }) => lines.slice(0, line).join("\n").length + (line ? 1 : 0) + character;
  return [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start)).reduce(
    (result, edit) => result.slice(0, offset(edit.range.start)) + edit.newText + result.slice(offset(edit.range.end)),
    text);
}

test("findings are pushed to a client that cannot pull, and follow unsaved edits", async () => {
  const client = await new Client(SHOP).start();
  assert.equal(client.answer.capabilities.diagnosticProvider, undefined);
  assert.equal(client.answer.capabilities.positionEncoding, "utf-16");
  const first = await client.pushed("report.py", (d) => d.length === 1);
  assert.deepEqual(first.diagnostics[0].range, { start: { line: 1, character: 21 }, end: { line: 1, character: 25 } });
  assert.equal(first.diagnostics[0].code, "DFG101");
  assert.equal(first.diagnostics[0].severity, 3); // a note: `shop.api` offers the class
  await client.open("report.py", SHOP["report.py"]);
  const part = (from, to) => ({ start: { line: 1, character: from }, end: { line: 1, character: to } });
  await client.change("report.py", 2, { range: part(10, 13), text: "cart" }, { range: part(26, 31), text: "" });
  await client.pushed("report.py", (d) => d.length === 0);
  assert.equal(await client.stop(), 0);
});

test("a definition that goes breaks its importers in files that are not open", async () => {
  const client = await new Client(SHOP).start();
  await client.pushed("report.py", (d) => d.length === 1);
  await client.open("shop/cart.py", SHOP["shop/cart.py"]);
  await client.change("shop/cart.py", 2, { text: "class Basket: ...\n" });
  const { diagnostics } = await client.pushed("till.py", (d) => d.some((each) => each.code === "DFG202"));
  assert.match(diagnostics[0].message, /`shop\.cart` does not define `Cart`/);
  await client.change("shop/cart.py", 3, { text: SHOP["shop/cart.py"] });
  await client.pushed("till.py", (d) => d.length === 0);
  await client.stop();
});

test("a client that pulls gets nothing pushed", async () => {
  const client = await new Client(SHOP, {
    textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } }).start();
  assert.equal(client.answer.capabilities.diagnosticProvider.interFileDependencies, true);
  const ask = (path, previousResultId) => client.connection.sendRequest(lsp.DocumentDiagnosticRequest.type, {
    textDocument: { uri: client.uri(path) }, previousResultId });
  const report = await ask("report.py");
  assert.equal(report.kind, "full");
  assert.deepEqual(report.items.map((d) => d.code), ["DFG101"]);
  assert.equal((await ask("report.py", report.resultId)).kind, "unchanged");
  const all = await client.connection.sendRequest(lsp.WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  assert.deepEqual(all.items.map((item) => item.uri), [client.uri("report.py")]);
  await client.open("shop/api.py", SHOP["shop/api.py"]);
  await client.change("shop/api.py", 2, { text: "def pay(): ...\n" });
  assert.deepEqual((await ask("report.py")).items.map((d) => d.code), ["DFG202"]);
  assert.ok(client.refreshes > 0);
  assert.equal(client.pushes, 0);
  await client.stop();
});

test("in a large project an edited file is told at once what its imports reach, then the rest", async () => {
  const files = { ...SHOP, "audit.py": "from shop.api import pay\nimport shop.api\nshop.api.pay()\n" };
  const client = await new Client(files, {}, LARGE).start();
  await client.pushed("report.py", (d) => d.length === 1);
  await client.open("audit.py", files["audit.py"]);
  await client.open("shop/api.py", files["shop/api.py"]);
  await client.change("audit.py", 2, { text: "from shop.api import pey\n" + files["audit.py"] });
  const { diagnostics, version } = await client.pushed("audit.py", (d) => d.length === 1);
  assert.equal(version, 2);
  assert.match(diagnostics[0].message, /`shop\.api` does not define `pey`/);
  const [fix] = await client.actions("audit.py", 0);
  assert.match(fix.title, /^import `pay` instead/);
  // What others make of an edit comes with the next analysis.
  await client.change("shop/api.py", 2, { text: "from shop.cart import Cart as Cart\n" });
  await client.pushed("audit.py", (d) => d.map((each) => each.code).join() === "DFG202,DFG202,DFG203");
  await client.pushed("report.py", (d) => d.some((each) => each.code === "DFG202"));
  assert.equal(await client.stop(), 0);
});

test("in a large project places move with the text until it is analysed again", async () => {
  const client = await new Client(SHOP, {
    textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } }, LARGE).start();
  const ask = (path) => client.connection.sendRequest(lsp.DocumentDiagnosticRequest.type, {
    textDocument: { uri: client.uri(path) } });
  assert.equal((await ask("report.py")).items[0].range.start.line, 1);
  await client.open("report.py", SHOP["report.py"]);
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  await client.change("report.py", 2, { range: top, text: "# one\n# two\n" });
  const { items } = await ask("report.py");
  assert.deepEqual(items.map((d) => [d.code, d.range.start.line]), [["DFG101", 3]]);
  const define = (...where) => client.connection.sendRequest(lsp.DefinitionRequest.type, client.at(...where));
  assert.equal((await define("report.py", 3, 22)).uri, client.uri("shop/cart.py"));
  await client.open("shop/cart.py", SHOP["shop/cart.py"]);
  await client.change("shop/cart.py", 2, { range: top, text: "import os\n" });
  assert.equal((await define("report.py", 3, 22)).range.start.line, 1);
  // Fix-all waits for all that can be known.
  const all = await client.actions("report.py", 0, { diagnostics: [], only: ["source.fixAll"] });
  assert.match(edited("# one\n# two\n" + SHOP["report.py"], Object.values(all[0].edit.changes)[0]), /from shop\.cart import Cart/);
  await client.stop();
});

test("a quick fix and fix-all rewrite the version that the editor holds", async () => {
  const client = await new Client(SHOP, { workspace: { workspaceEdit: { documentChanges: true } } }).start();
  const text = "s = '𝄞é'; from shop.api import Cart, pay\n";
  await client.open("report.py", SHOP["report.py"], 6);
  await client.change("report.py", 7, { text });
  const actions = await client.actions("report.py", 0);
  const fix = actions.find((action) => action.kind === "quickfix");
  assert.ok(fix.isPreferred);
  assert.equal(fix.diagnostics[0].code, "DFG101");
  assert.deepEqual(fix.edit.documentChanges[0].textDocument, { uri: client.uri("report.py"), version: 7 });
  const after = "s = '𝄞é'; from shop.api import pay; from shop.cart import Cart\n";
  assert.equal(edited(text, fix.edit.documentChanges[0].edits), after);
  const all = await client.actions("report.py", 0, { diagnostics: [], only: ["source.fixAll"] });
  assert.deepEqual(all.map((action) => action.kind), ["source.fixAll.pydefrag"]);
  assert.equal(edited(text, all[0].edit.documentChanges[0].edits), after);
  assert.deepEqual(await client.actions("till.py", 0), []);
  await client.stop();
});

test("positions count bytes for a client that offers utf-8", async () => {
  const client = await new Client({ ...SHOP, "report.py": "s = '𝄞é'; from shop.api import Cart\n" },
    { general: { positionEncodings: ["utf-8", "utf-16"] } }).start();
  assert.equal(client.answer.capabilities.positionEncoding, "utf-8");
  const { diagnostics } = await client.pushed("report.py", (d) => d.length === 1);
  assert.deepEqual(diagnostics[0].range.start, { line: 0, character: 35 });
  await client.stop();
});

test("definition, references and hover go through re-exports", async () => {
  const client = await new Client(SHOP).start();
  const place = (path, line, from, to) => ({
    uri: client.uri(path), range: { start: { line, character: from }, end: { line, character: to } } });
  const define = (...where) => client.connection.sendRequest(lsp.DefinitionRequest.type, client.at(...where));
  assert.deepEqual(await define("report.py", 1, 22), place("shop/cart.py", 0, 6, 10));
  assert.deepEqual(await define("report.py", 2, 1), place("shop/cart.py", 0, 6, 10), "a use below the import");
  assert.equal((await define("report.py", 1, 7)).uri, client.uri("shop/api.py"));
  assert.equal(await define("report.py", 0, 0), null);
  const references = await client.connection.sendRequest(lsp.ReferencesRequest.type, {
    ...client.at("shop/cart.py", 0, 7), context: { includeDeclaration: true } });
  assert.deepEqual(references, [place("shop/cart.py", 0, 6, 10), place("report.py", 1, 21, 25),
    place("shop/api.py", 0, 22, 34), place("till.py", 0, 22, 26)]);
  const hover = await client.connection.sendRequest(lsp.HoverRequest.type, client.at("report.py", 1, 22));
  for (const part of ["**class** `shop.cart:Cart`", "defined at `shop/cart.py:1`", "canonical path `shop.cart:Cart`",
    "`shop.api:Cart`: 1 use", "imported by `report`, `shop.api`, `till`"]) {
    assert.ok(hover.contents.value.includes(part), `${part} in ${hover.contents.value}`);
  }
  const lenses = await client.connection.sendRequest(lsp.CodeLensRequest.type, {
    textDocument: { uri: client.uri("shop/cart.py") } });
  assert.deepEqual(lenses.map((lens) => lens.command.title), ["2 import paths · 3 uses"]);
  await client.stop();
});

test("watched files are registered, and files that come or go are seen", async () => {
  const client = await new Client(SHOP, {
    workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } }).start();
  await client.pushed("report.py", (d) => d.length === 1);
  assert.equal(client.registered[0].method, "workspace/didChangeWatchedFiles");
  client.write("audit.py", "from shop.cart import Wagon\n");
  await client.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: client.uri("audit.py"), type: lsp.FileChangeType.Created }] });
  await client.pushed("audit.py", (d) => d[0]?.code === "DFG202");
  client.write("audit.py", "from shop.cart import Cart\n");
  await client.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: client.uri("audit.py"), type: lsp.FileChangeType.Changed }] });
  await client.pushed("audit.py", (d) => d.length === 0);
  await client.stop();
});

test("a request that was cancelled is answered so, and what is unknown is an error", async () => {
  const client = await new Client(SHOP).start();
  await client.pushed("report.py", (d) => d.length === 1);
  // Both arrive in one piece, so that the first is still waiting when it is taken back.
  const frame = (message) => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  };
  const hover = { method: "textDocument/hover", params: client.at("report.py", 1, 22) };
  const answers = [];
  client.process.stdout.prependListener("data", (bytes) => answers.push(bytes.toString()));
  client.process.stdin.write(frame({ id: 900, ...hover }) + frame({ id: 901, ...hover }) +
    frame({ method: "$/cancelRequest", params: { id: 901 } }));
  await assert.rejects(client.connection.sendRequest("pydefrag/nothing", {}), { code: -32601 });
  assert.match(answers.join(""), /"code":-32800[^}]*\},"id":901/);
  assert.match(answers.join(""), /"id":900,"jsonrpc":"2.0","result":\{"contents"/);
  await client.stop();
});

test("exit without shutdown is an error, and a bad configuration is said", async () => {
  const client = await new Client({ ...SHOP, "pyproject.toml": "[tool.pydefrag]\nselekt = []\n" });
  const shown = new Promise((done) => client.connection.onNotification(lsp.ShowMessageNotification.type, done));
  await client.start();
  assert.match((await shown).message, /selekt/);
  await client.connection.sendNotification(lsp.ExitNotification.type);
  assert.equal(await client.exited, 1);
  client.connection.dispose();
});
