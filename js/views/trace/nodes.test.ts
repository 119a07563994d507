import { expect, it } from "vitest";
import { aboutOf, streamOf, tokensOf } from "../../state/testing";
import { isMade, nodesOf } from "./nodes";

const [source, target] = [tokensOf(4), tokensOf(3)];
const about = aboutOf([
  streamOf({ name: "encoder", queries: source }),
  streamOf({ name: "decoder", queries: target }),
  streamOf({ name: "cross", queries: target, keys: source }),
]);

it.each(["decoder", "cross"])("puts target before source tokens for %s", (name) => {
  const nodes = nodesOf(about, name);
  expect(nodes.tokens.text).toEqual([...target.text, ...source.text]);
  expect([nodes.split, nodes.last]).toEqual([3, 2]);
});

it("follows an encoder alone", () => {
  const nodes = nodesOf(about, "encoder");
  expect([nodes.tokens.text, nodes.split, nodes.last]).toEqual([source.text, null, 3]);
});

it("knows which tokens a step makes", () => {
  const nodes = nodesOf(about, "cross");
  expect(isMade(nodes, { stream: "encoder", layer: 0 }, 5)).toBe(true);
  expect(isMade(nodes, { stream: "encoder", layer: 0 }, 1)).toBe(false);
  expect(isMade(nodes, { stream: "cross", layer: 0 }, 1)).toBe(true);
  expect(isMade(nodes, { stream: "decoder", layer: 0 }, 5)).toBe(false);
});
