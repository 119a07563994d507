import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it } from "vitest";
import type { MethodRow } from "../../frame/method";
import { INVENTED, rowOf } from "../../frame/testing";
import { ShareList } from "./ShareList";

const root = document.createElement("div");
afterEach(() => render(null, root));

const tokens = { text: ["a", "b", "c"], special: [], continues: [], segments: [] };

function show(method: MethodRow, means: number[], heads: number[]) {
  const shares = means.map((mean, index) => ({ index, mean, byHead: heads.map(() => mean) }));
  act(() => render(<ShareList {...{ shares, tokens, heads, method }} scheme="light" />, root));
}

const bars = () => [...root.querySelectorAll<HTMLElement>(".aw-bar-track > span")];

it("draws bars to both sides of zero, with signs before the numbers and words for them", () => {
  const signs: [string, string] = ["raises the target", "lowers the target"];
  show({ ...INVENTED, signs }, [-0.5, 0.25], [0, 1]);
  expect(bars().map(({ dataset, style }) => [dataset.sign, style.width, style.marginLeft])).toEqual(
    [
      ["-1", "50%", "0%"],
      ["1", "25%", "50%"],
    ],
  );
  const items = [...root.querySelectorAll("li")];
  expect(items.map(({ textContent }) => textContent)).toEqual(["a0−0.500", "b1+0.250"]);
  expect(items[0]?.title).toBe("a lowers the target by 0.500");
  expect(root.querySelector(".aw-signs")?.textContent).toBe(
    "− lowers the target+ raises the target",
  );
});

it("draws shares of heads side by side, without signs", () => {
  show(rowOf("attention"), [0.5, 0.25], [0, 1]);
  expect(bars()).toHaveLength(4);
  expect(root.querySelector("[data-sign]")).toBeNull();
  expect(root.querySelector("li")?.textContent).toBe("a00.500");
});
