import { expect, it, vi } from "vitest";
import { ABOUT_METHODS } from "../../frame/testing";
import type { TokenFrame } from "../../frame/token";
import { type Want, wantKey } from "../../frame/want";
import { find, press, props, readySource, root, show, stream, usePage } from "../common/testing";
import type { ViewProps } from "../view";
import { Sources } from "./Sources";
import { TextView } from "./TextView";

usePage();

const frame: TokenFrame = {
  ...{ kind: "token", hidden: 0, hiddenMass: 0 },
  values: Float32Array.of(0.5, 0.25, 0, 0.25, 0),
};

function given(change: Partial<ViewProps> = {}): ViewProps {
  const source = {
    ...readySource(),
    keyOf: (want: Want) => wantKey(ABOUT_METHODS, want),
    peek: () => frame,
  } as unknown as ViewProps["source"];
  return props({ source, stream: { ...stream, causal: true }, ...change });
}

const tokens = () => [...root.querySelectorAll<HTMLElement>(".aw-text [data-index]")];

it("colours every token by its value, says the value, and which token it is of", async () => {
  const shown = given();
  await show(TextView, shown);
  expect(tokens().map((token) => token.style.backgroundColor !== "")).toEqual([
    ...[true, true, false, true, false],
  ]);
  expect(tokens()[1]?.getAttribute("aria-label")).toBe("query 1, a, 25.0 %");
  expect(find("[data-shown]").dataset.index).toBe("3");
  expect(find("[data-out]").dataset.index).toBe("4");
  expect(find(".aw-text-statement").textContent).toContain("c (query 3, the last token");
  expect(shown.report).toHaveBeenLastCalledWith("ready", "‘c’ (query 3) looks at 5 keys");
});

it("pins a clicked token in place of the last, unless a target waits for it", async () => {
  const shown = given();
  await show(TextView, shown);
  tokens()[1]?.click();
  expect(shown.actions.select).toHaveBeenLastCalledWith({
    tokens_selected: [{ side: "query", index: 1 }],
  });
  vi.mocked(shown.actions.pick).mockReturnValue(true);
  tokens()[2]?.click();
  expect(shown.actions.select).toHaveBeenCalledTimes(1);
});

it("moves with arrow keys, pins with Enter, searches after a slash", async () => {
  const shown = given();
  await show(TextView, shown);
  tokens()[0]?.focus();
  await press(tokens()[0] as HTMLElement, "ArrowRight");
  expect(document.activeElement).toBe(tokens()[1]);
  await press(tokens()[1] as HTMLElement, "Enter");
  expect(shown.actions.select).toHaveBeenLastCalledWith({
    tokens_selected: [{ side: "query", index: 1 }],
  });
  await press(tokens()[1] as HTMLElement, "/");
  expect(document.activeElement).toBe(find('[name="search"]'));
});

it("turns the token round: from what it looks at to what looks at it", async () => {
  const shown = given();
  await show(TextView, shown);
  find(".aw-switch button:last-child").click();
  expect(shown.actions.select).toHaveBeenLastCalledWith({
    tokens_selected: [{ side: "key", index: 3 }],
  });
});

it("lists the strongest tokens among the words around them", async () => {
  await show(Sources, given());
  const items = [...root.querySelectorAll("li")].map(({ textContent }) => textContent);
  expect(items[0]).toContain("[CLS]");
  expect(items[0]).toContain("50.0 %");
  expect(items).toHaveLength(3);
});
