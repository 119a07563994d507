import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it } from "vitest";
import { aboutOf, DEFAULT_SELECTION, streamOf } from "../state/testing";
import { viewOf } from "../views/registry";
import { Question } from "./Question";

const root = document.createElement("div");
afterEach(() => render(null, root));

function asked(view: string, method: string, isAsked = true): string | null {
  const plain = aboutOf([streamOf()]);
  const methods = plain.methods.map((row) => ({ ...row, question: `What of ${row.name}?` }));
  const about = isAsked ? { ...plain, methods } : plain;
  const selection = { ...DEFAULT_SELECTION, view, method };
  act(() => render(<Question {...{ about, view: viewOf(view), selection }} />, root));
  return root.textContent;
}

it("asks what the method on the screen answers", () => {
  expect(asked("head", "relevance")).toBe("What of relevance?");
});

it("names the method where another is on the screen than the selected one", () => {
  expect(asked("trace", "attention")).toBe("Rollout: What of rollout?");
  expect(asked("neuron", "rollout")).toBe("Attention: What of attention?");
});

it("is silent where rows have no question, as in notebooks of 0.1.0", () => {
  expect(asked("head", "attention", false)).toBe("");
});
