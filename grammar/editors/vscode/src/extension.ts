/** The extension: colours come from its grammar, all else from the command `mltspec` of the folder. */

import { commands, window, workspace, type ExtensionContext } from "vscode";

import { Client } from "./client";
import { Testing } from "./testing";

let client: Client | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("mltspec");
  const server = new Client(output);
  client = server;
  const begin = async (): Promise<void> => {
    context.subscriptions.push(new Testing(output));
    await server.start();
  };
  context.subscriptions.push(
    output,
    commands.registerCommand("mltspec.restart", () => server.restart()),
    commands.registerCommand("mltspec.output", () => output.show()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("mltspec.command") && workspace.isTrusted) {
        void server.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void begin()),
  );
  if (workspace.isTrusted) {
    await begin();
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
