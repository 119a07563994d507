import { likelyWants } from "../../state/prefetch";
import type { View } from "../view";
import { HeadView } from "./HeadView";

export const head: View = {
  name: "head",
  label: "Heads",
  Component: HeadView,
  heads: "several",
  prefetch: likelyWants,
};
