import { render } from "preact";
import { expect, it, vi } from "vitest";
import type { Report } from "../view";
import { useJointReports } from "./useJointReports";

function reports(report: Report, hasDetail: boolean) {
  let made: ReturnType<typeof useJointReports> | undefined;
  const Caller = ({ open }: { open: boolean }) => {
    made = useJointReports(report, open);
    return null;
  };
  const place = document.createElement("div");
  render(<Caller open={hasDetail} />, place);
  const set = (open: boolean) => render(<Caller open={open} />, place);
  return { ...(made as ReturnType<typeof useJointReports>), set };
}

it("is ready when both are", () => {
  const report = vi.fn();
  const { grid, detail } = reports(report, true);
  detail("busy");
  grid("ready", "note of the grid");
  expect(report).toHaveBeenLastCalledWith("busy");
  detail("ready", "note of the head");
  expect(report).toHaveBeenLastCalledWith("ready", "note of the head");
});

it("keeps the alert of one while the other is ready or waits", () => {
  const report = vi.fn();
  const retry = () => undefined;
  const { grid, detail } = reports(report, true);
  grid("error", "It failed.", retry);
  for (const state of ["busy", "ready"] as const) {
    detail(state);
    expect(report).toHaveBeenLastCalledWith("error", "It failed.", retry);
  }
  grid("ready");
  expect(report).toHaveBeenLastCalledWith("ready");
});

it("forgets a detail that is closed", () => {
  const report = vi.fn();
  const { grid, detail, set } = reports(report, true);
  detail("error", "It failed.");
  set(false);
  grid("ready", "");
  expect(report).toHaveBeenLastCalledWith("ready", "");
});
