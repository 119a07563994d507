import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import type { Report } from "../views/view";

interface Props {
  report: Report;
  children: ComponentChildren;
}

/** Keeps an error in one part of the widget from taking the rest with it. */
export function Boundary({ report, children }: Props) {
  const [error, reset] = useErrorBoundary((caught: Error) => {
    report("error", `This could not be drawn: ${caught.message}`, () => reset());
  });
  return error ? <p class="aw-faint">Nothing to show here.</p> : children;
}
