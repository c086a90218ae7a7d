import { fileURLToPath } from "node:url";
import { transformAsync } from "@babel/core";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * Runs the React Compiler over our own components. A plugin of ten lines instead of a package,
 * because the packaged one asks for a newer Node than the build machines have.
 */
function reactCompiler(): Plugin {
  return {
    name: "react-compiler",
    enforce: "pre",
    async transform(code, id) {
      const file = id.split("?")[0] ?? id;
      if (!/\/src\/.*\.tsx?$/.test(file) || /node_modules|generated/.test(file)) return null;
      const result = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ["typescript", "jsx"] },
        plugins: [["babel-plugin-react-compiler", { target: "19" }]],
      });
      return result?.code ? { code: result.code, map: result.map ?? null } : null;
    },
  };
}

const devhost = process.env.LINGTAI_DEVHOST ?? "http://127.0.0.1:1421";

export default defineConfig({
  plugins: [reactCompiler(), react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  clearScreen: false,
  server: {
    host: "127.0.0.1",
    port: 1420,
    strictPort: true,
    proxy: { "/ipc": { target: devhost, changeOrigin: true } },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["es2022", "safari16"],
    cssTarget: ["es2022", "safari16"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // The agent's window, and the lead's small one for alerts.
      input: ["index.html", "alerts.html"],
    },
  },
});
