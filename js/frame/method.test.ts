import { describe, expect, it } from "vitest";
import { allSettings, defaultMethod, methodOf, methodWith, settingOf, settingsIn } from "./method";
import { ABOUT_METHODS, INVENTED, rowOf, rowsWantOf } from "./testing";
import { wantKey } from "./want";

describe("the rows of methods", () => {
  it("are found by name, by flag, and the default first", () => {
    expect(methodOf(ABOUT_METHODS, INVENTED.name)).toBe(INVENTED);
    expect(defaultMethod(ABOUT_METHODS).name).toBe("attention");
    expect(methodWith(ABOUT_METHODS, "is_attention").name).toBe("attention");
    expect(methodWith(ABOUT_METHODS, "evolves").name).toBe("rollout");
  });

  it("say which one is missing", () => {
    expect(() => methodOf(ABOUT_METHODS, "magic")).toThrow('no method named "magic"');
    expect(() => defaultMethod({ methods: [] })).toThrow("no method at all");
  });
});

describe("settings", () => {
  it("are each listed once, whichever methods share them", () => {
    expect(allSettings(ABOUT_METHODS).map(({ name }) => name)).toEqual([
      ...["discard_ratio", "receptive_field", "skip_first"],
      ...["target", "echo_decay", "echo_reach"],
    ]);
  });

  it("have their defaults where nothing is said of them", () => {
    expect(settingsIn({}, INVENTED.settings)).toEqual({ echo_decay: 0.5, echo_reach: 2 });
    expect(settingsIn({ echo_decay: 0 }, INVENTED.settings)).toMatchObject({ echo_decay: 0 });
    expect(rowOf("relevance").settings.map((each) => settingOf({}, each))).toEqual([null]);
  });
});

it("makes keys of the settings that a method has, and of no others", () => {
  const key = (method: string, settings = {}) =>
    wantKey(ABOUT_METHODS, rowsWantOf({ method }, settings));
  expect(key(INVENTED.name, { echo_reach: 3 })).not.toBe(key(INVENTED.name));
  expect(key(INVENTED.name, { echo_decay: 0.5, echo_reach: 2 })).toBe(key(INVENTED.name));
  expect(key(INVENTED.name, { discard_ratio: 0.5 })).toBe(key(INVENTED.name));
  expect(key("rollout", { echo_reach: 3 })).toBe(key("rollout"));
});
