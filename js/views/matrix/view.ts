import type { View } from "../view";
import { MatrixView } from "./MatrixView";

export const matrix: View = {
  name: "matrix",
  label: "Matrix",
  Component: MatrixView,
  heads: "several",
  isWide: ({ matrix_mode }) => matrix_mode === "compare",
};
