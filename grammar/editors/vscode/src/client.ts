/** The language server of a window: started when a spec is seen, started anew when asked. */

import { window, workspace, type OutputChannel } from "vscode";
import { LanguageClient, type Executable, type LanguageClientOptions } from "vscode-languageclient/node";

import { commandOf } from "./command";

export class Client {
  private running: LanguageClient | undefined;

  constructor(readonly output: OutputChannel) {}

  async start(): Promise<void> {
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
    const [command, ...args] = commandOf(workspace.getConfiguration("mltspec").get("command", []), folder);
    const server: Executable = { command, args: [...args, "lsp"], ...(folder && { options: { cwd: folder } }) };
    const options: LanguageClientOptions = {
      documentSelector: [{ language: "mlt" }],
      outputChannel: this.output,
      synchronize: {
        configurationSection: "mltspec",
        fileEvents: workspace.createFileSystemWatcher("**/{*.mlt,*.py,pyproject.toml,mltspec.toml}"),
      },
    };
    this.running = new LanguageClient("mltspec", "mltspec", server, options);
    try {
      await this.running.start();
    } catch (problem) {
      this.running = undefined;
      this.output.appendLine(`cannot start \`${[command, ...args].join(" ")} lsp\`: ${String(problem)}`);
      const choice = await window.showErrorMessage(
        "mltspec's language server cannot be started. Install it with `pip install 'mltspec[lsp]'`, or set `mltspec.command`.",
        "Show output",
      );
      if (choice) {
        this.output.show();
      }
    }
  }

  async stop(): Promise<void> {
    const client = this.running;
    this.running = undefined;
    await client?.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}
