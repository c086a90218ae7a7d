import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vite.config.ts";

export default mergeConfig(
  base,
  defineConfig({
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.{ts,tsx}"],
      setupFiles: ["src/test/setup.ts"],
      // A busy machine takes its time; what never comes is told by the waits within.
      testTimeout: 30_000,
      css: { modules: { classNameStrategy: "non-scoped" } },
    },
  }),
);
