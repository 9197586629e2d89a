import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { commandOf } from "../src/command";
import { run, type Cancelling } from "../src/process";
import { target, type Listed } from "../src/records";

const MLTSPEC = commandOf((process.env["MLTSPEC"] ?? "").split(" ").filter(Boolean), undefined);

class Token implements Cancelling {
  isCancellationRequested = false;
  private listeners: (() => void)[] = [];
  onCancellationRequested(listener: () => void): void {
    this.listeners.push(listener);
  }
  cancel(): void {
    this.isCancellationRequested = true;
    this.listeners.forEach((listener) => listener());
  }
}

function spec(): string {
  const file = join(mkdtempSync(join(tmpdir(), "mltspec-")), "a.mlt");
  writeFileSync(
    file,
    'edition 2026\nmodel m { build python "a:b" }\ndata d = python "a:d"\n' +
      'suite "s" for m on d {\n  for each x in [auc, loss] {\n    expect x >= 0.5 tags [a, b]\n  }\n}\n',
  );
  return file;
}

test("the real command lists what the Test Explorer shows", async () => {
  const file = spec();
  const ended = await run(MLTSPEC, ["list", "--json", file], tmpdir());
  assert.equal(ended.code, 0, ended.stderr);
  const listed = JSON.parse(ended.stdout) as Listed[];
  assert.deepEqual(
    listed.map((each) => [each.id, each.suite, each.at.line, each.marks.tags]),
    [
      ["s/auc[x=auc]", "s", 6, ["a", "b"]],
      ["s/loss[x=loss]", "s", 6, ["a", "b"]],
    ],
  );
  assert.equal(listed[0]?.at.file, file, "a path is given back as it was given");
});

test("the real command takes a target as the Test Explorer names it", async () => {
  const file = spec();
  const ended = await run(MLTSPEC, ["list", "--json", target(file, "s/loss[x=loss]")], tmpdir());
  assert.deepEqual((JSON.parse(ended.stdout) as Listed[]).map((each) => each.id), ["s/loss[x=loss]"]);
});

test("a cancelled command is interrupted and may still write what it has", async () => {
  const token = new Token();
  const script = "process.on('SIGINT', () => { console.log('wrote'); process.exit(130) }); console.log('up'); setInterval(() => {}, 1e6)";
  const ended = await run([process.execPath], ["-e", script], tmpdir(), token, (text) => {
    if (text.includes("up")) token.cancel();
  });
  assert.deepEqual([ended.code, ended.stdout], [130, "up\nwrote\n"]);
});

test("a command that is not there is said", async () => {
  await assert.rejects(run(["no-such-command"], [], tmpdir()), /ENOENT/);
});

test("nothing passes a shell", async () => {
  const ended = await run([process.execPath], ["-e", "console.log(process.argv[1])", "$(id) `id` ; id"], tmpdir());
  assert.equal(ended.stdout, "$(id) `id` ; id\n");
});

test("the package names files that there are", () => {
  const root = join(__dirname, "..", "..");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const contributes = manifest.contributes;
  for (const { path, configuration } of [...contributes.languages, ...contributes.grammars, ...contributes.snippets]) {
    JSON.parse(readFileSync(join(root, path ?? configuration), "utf8"));
  }
});

test("every snippet is a spec that can be formatted as it stands", () => {
  const root = join(__dirname, "..", "..");
  const snippets = JSON.parse(readFileSync(join(root, "snippets", "mlt.json"), "utf8"));
  for (const [name, { body }] of Object.entries<{ body: string | string[] }>(snippets)) {
    const text = [body].flat().join("\n") + "\n";
    const filled = text
      .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, "$1")
      .replace(/\$\{\d+:\$CURRENT_YEAR([^}]*)\}/g, "2026$1")
      .replace(/\$\{\d+:([^}]*)\}/g, "$1")
      .replace(/^( *)(expect )?\$0$/gm, (_, indent, expect) => (expect ? `${indent}expect x` : ""))
      .replace(/\n\n}/g, "\n}");
    const [program, ...rest] = MLTSPEC;
    const formatted = execFileSync(program, [...rest, "fmt", "-"], { input: filled, encoding: "utf8" });
    assert.equal(formatted, filled, name);
  }
});
