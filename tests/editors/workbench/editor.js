// VS Code's editor with the extension's own grammar, language configuration and snippets, and its language client talking to
// `mltspec lsp` through a socket. The page's query names the folder and the file that is opened: ?folder=/tmp/x&file=a.mlt

import getKeybindings from "@codingame/monaco-vscode-keybindings-service-override";
import { EditorApp } from "monaco-languageclient/editorApp";
import { LanguageClientWrapper } from "monaco-languageclient/lcwrapper";
import { MonacoVscodeApiWrapper } from "monaco-languageclient/vscodeApiWrapper";
import { configureDefaultWorkerFactory } from "monaco-languageclient/workerFactory";
import * as vscode from "vscode";

import manifest from "../../../grammar/editors/vscode/package.json";
import language from "../../../grammar/editors/vscode/language-configuration.json?raw";
import snippets from "../../../grammar/editors/vscode/snippets/mlt.json?raw";
import textmate from "../../../grammar/editors/vscode/syntaxes/mlt.tmLanguage.json?raw";

const asked = new URLSearchParams(location.search);
const folder = asked.get("folder");
const file = vscode.Uri.file(`${folder}/${asked.get("file")}`);

const { name, publisher, version, engines, contributes } = manifest;
const { languages, grammars, snippets: contributed } = contributes;

await new MonacoVscodeApiWrapper({
  $type: "extended",
  viewsConfig: { $type: "EditorService", htmlContainer: document.getElementById("editor") },
  serviceOverrides: { ...getKeybindings() },
  userConfiguration: {
    json: JSON.stringify({
      "workbench.colorTheme": "Default Light Modern",
      "editor.fontSize": 15,
      "editor.semanticHighlighting.enabled": true,
      "editor.wordBasedSuggestions": "off",
    }),
  },
  extensions: [
    {
      config: { name, publisher, version, engines, contributes: { languages, grammars, snippets: contributed } },
      filesOrContents: new Map([
        ["/language-configuration.json", language],
        ["/syntaxes/mlt.tmLanguage.json", textmate],
        ["/snippets/mlt.json", snippets],
      ]),
    },
  ],
  monacoWorkerFactory: configureDefaultWorkerFactory,
}).start();

const client = new LanguageClientWrapper({
  languageId: "mlt",
  connection: { options: { $type: "WebSocketUrl", url: `ws://${location.host}/lsp` } },
  clientOptions: {
    documentSelector: ["mlt"],
    workspaceFolder: { index: 0, name: "workspace", uri: vscode.Uri.file(folder) },
  },
});
await client.start();

const text = await (await fetch(`/file?path=${encodeURIComponent(file.fsPath)}`)).text();
const app = new EditorApp({ codeResources: { modified: { text, uri: file.path } } });
await app.start(document.getElementById("editor"));

// What a test may look at besides what a person sees.
window.mltspec = { vscode, app, client };
document.body.dataset.ready = "yes";
