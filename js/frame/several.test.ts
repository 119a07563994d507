import { describe, expect, it } from "vitest";
import { joinFrames, splitFrames } from "./several";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (view: DataView) => new TextDecoder().decode(view);

describe("several frames", () => {
  it("come back one by one, each at a multiple of 8", () => {
    const texts = ["AWF1 one", "AWF1 another", "AWF1"];
    const found = splitFrames(new DataView(joinFrames(texts.map(bytesOf)).buffer));
    expect(found.map(textOf)).toEqual(texts);
    expect(found.map((frame) => frame.byteOffset % 8)).toEqual([0, 0, 0]);
  });

  it("may be one, as Python sends it", () => {
    const alone = new DataView(bytesOf("AWF1 by itself").buffer);
    expect(splitFrames(alone)).toEqual([alone]);
  });

  it("are refused where they are cut short", () => {
    const joined = joinFrames([bytesOf("AWF1 and a long rest of it")]);
    expect(() => splitFrames(new DataView(joined.buffer, 0, 24))).toThrow("cut short");
  });
});
