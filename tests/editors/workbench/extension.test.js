// The packed extension in VS Code itself, served by code-server: findings, and a test that is run. It is tried where
// $CODE_SERVER names the entry file of an installed code-server.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const REPOSITORY = join(import.meta.dirname, "..", "..", "..");
const SHOTS = join(import.meta.dirname, "dist", "screenshots");
const VSIX = join(REPOSITORY, "grammar", "editors", "vscode", "dist", "mltspec.vsix");
const CODE_SERVER = process.env.CODE_SERVER;
const COMMAND = (process.env.MLTSPEC ?? "mltspec").split(" ");
const skip = CODE_SERVER && existsSync(VSIX) ? false : "needs $CODE_SERVER, and the extension packed by `make vscode`";

const SPEC = `edition 2026

model digits {
  build python "digits.model:build"
}
data training = python "digits.data:training"

suite "training" for digits on training {
  expect gradients reach every weight
  expect accuracy on nowhere >= 0.9
}
`;
const SOUND = SPEC.replace("  expect accuracy on nowhere >= 0.9\n", "");

let browser, page, code, folder;

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answers(url) {
  for (let i = 0; i < 300; i++) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((later) => setTimeout(later, 200));
  }
  assert.fail(`${url} never answered`);
}

/** Choose a command by its name, as a person would. */
async function command(name) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-box input").first().fill(`>${name}`);
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.press("Enter");
}

async function open(text) {
  writeFileSync(join(folder, "digits.mlt"), text);
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-box input").first().fill("digits.mlt");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "digits.mlt" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab", { hasText: "digits.mlt" }).first().waitFor();
}

before(async () => {
  if (skip) return;
  mkdirSync(SHOTS, { recursive: true });
  const home = realpathSync(mkdtempSync(join(tmpdir(), "mltspec-code-")));
  folder = join(home, "project");
  cpSync(join(REPOSITORY, "specs", "examples", "digits", "digits"), join(folder, "digits"), { recursive: true });
  const places = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
  mkdirSync(join(home, "data", "Machine"), { recursive: true });
  writeFileSync(join(home, "data", "Machine", "settings.json"), JSON.stringify({ "mltspec.command": COMMAND }));
  mkdirSync(join(home, "data", "User"), { recursive: true });
  const settings = { "workbench.startupEditor": "none", "workbench.colorTheme": "Default Light Modern", "security.workspace.trust.enabled": false };
  writeFileSync(join(home, "data", "User", "settings.json"), JSON.stringify(settings));
  execFileSync(process.execPath, [CODE_SERVER, ...places, "--install-extension", VSIX], { stdio: "inherit" });
  const port = await freePort();
  const args = [...places, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"];
  code = spawn(process.execPath, [CODE_SERVER, ...args], { stdio: "ignore" });
  await answers(`http://127.0.0.1:${port}/healthz`);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench").waitFor({ timeout: 120_000 });
});

after(async () => {
  await browser?.close();
  code?.kill();
});

test("the extension is started by a spec, and its findings are among the problems", { skip }, async () => {
  await open(SPEC);
  await page.locator(".squiggly-error").first().waitFor({ timeout: 120_000 });
  await command("Problems: Focus on Problems View");
  await page.locator(".markers-panel", { hasText: "nowhere" }).waitFor();
  await page.screenshot({ path: join(SHOTS, "vscode-problems.png") });
});

test("an expectation is run from the Test Explorer, and its verdict is shown", { skip }, async () => {
  writeFileSync(join(folder, "digits.mlt"), SOUND);
  await command("Testing: Focus on Test Explorer View");
  const tree = page.locator(".test-explorer-tree, .test-explorer");
  await tree.getByText("digits.mlt").first().waitFor();
  await command("Test: Run All Tests");
  await page.locator(".test-explorer .codicon-testing-passed-icon").first().waitFor({ timeout: 240_000 });
  await command("Test: Show Output");
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(SHOTS, "vscode-tests.png") });
});
