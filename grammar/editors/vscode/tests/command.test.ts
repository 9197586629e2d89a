import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { commandOf } from "../src/command";

test("the setting comes first, then the folder's environment, then the path", () => {
  const folder = mkdtempSync(join(tmpdir(), "mltspec-"));
  assert.deepEqual(commandOf(["uv", "run", "mltspec"], folder), ["uv", "run", "mltspec"]);
  assert.deepEqual(commandOf([], folder), ["mltspec"]);
  assert.deepEqual(commandOf([], undefined), ["mltspec"]);
  const bin = join(folder, ".venv", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "mltspec"), "");
  chmodSync(join(bin, "mltspec"), 0o755);
  assert.deepEqual(commandOf([], folder), [join(bin, "mltspec")]);
});
