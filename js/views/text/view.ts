import type { View } from "../view";
import { wantsAround } from "./around";
import { Sources } from "./Sources";
import { TextView } from "./TextView";

export const text: View = {
  name: "text",
  label: "Text",
  Component: TextView,
  Beside: Sources,
  heads: "several",
  prefetch: wantsAround,
};
