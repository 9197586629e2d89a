import { defineConfig } from "vite";

export default defineConfig({
  build: { target: "esnext", chunkSizeWarningLimit: 20_000, reportCompressedSize: false },
  worker: { format: "es" },
  resolve: { dedupe: ["vscode"] },
});
