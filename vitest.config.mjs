import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["js/**/*.test.{ts,tsx}"],
    // One page for all tests: a page for each file takes seven times as long.
    isolate: false,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
