import type { MethodRow, SettingRow } from "./method";
import type { RowsWant } from "./want";

/** A want for tests: the rows of all heads fused, with what is given changed, settings included. */
export function rowsWantOf(
  change: Partial<RowsWant> = {},
  settings: Record<string, unknown> = {},
): RowsWant {
  return {
    kind: "rows",
    stream: "self",
    layer: 0,
    heads: null,
    method: "attention",
    fusion: "mean",
    ...{ discard_ratio: 0, target: null },
    hide_special: false,
    hide_first: false,
    pair_filter: "all",
    full: false,
    ...change,
    ...settings,
  };
}

const PLAIN = {
  per_head: false,
  through_layers: false,
  own_fusion: null,
  settings: [],
  signed: false,
  full_scale: null,
  is_quick: false,
  compared_with: "attention",
  is_flow: false,
  steps_are_shares: false,
  evolves: false,
  is_attention: false,
} satisfies Partial<MethodRow>;

const TARGET: SettingRow = {
  ...{ kind: "target", name: "target", label: "Target", default: null },
  help: "What gradients are taken of",
};

/** A method that there is not: of every kind of fact it has one that no other method has. */
export const INVENTED: MethodRow = {
  ...PLAIN,
  ...{ name: "echo_depth", title: "echo depth", values: "echo" },
  ...{ per_head: true, own_fusion: "sum of all heads", signed: true, is_quick: true },
  ...{ followed_by: "rollout", compared_with: "relevance" },
  settings: [
    {
      ...{ kind: "range", name: "echo_decay", label: "Decay", help: "How fast echoes fade" },
      ...{ min: 0, max: 1, step: 0.1, default: 0.5 },
    },
    {
      ...{ kind: "range", name: "echo_reach", label: "Reach", help: "Layers that echoes reach" },
      ...{ min: 1, max: 8, step: 1, default: 2 },
    },
  ],
};

/** The rows of all methods as Python sends them, and one that is invented. */
export const METHODS: MethodRow[] = [
  {
    ...PLAIN,
    ...{ name: "attention", title: "attention", values: "weight" },
    ...{ per_head: true, full_scale: 1, is_quick: true, is_attention: true },
    ...{ followed_by: "rollout", compared_with: "rollout" },
  },
  {
    ...PLAIN,
    ...{ name: "rollout", title: "rollout", values: "rollout", followed_by: "rollout" },
    ...{ through_layers: true, full_scale: 1, steps_are_shares: true, evolves: true },
    settings: [
      {
        ...{ kind: "range", name: "discard_ratio", label: "Discard" },
        help: "Share of the smallest entries that rollout leaves out",
        ...{ min: 0, max: 0.9, step: 0.05, default: 0 },
      },
      {
        ...{ kind: "check", name: "receptive_field", label: "By receptive field" },
        ...{ help: "Divide by what even attention would give", in_paths: false, default: false },
      },
      {
        ...{ kind: "check", name: "skip_first", label: "Skip first token" },
        ...{ help: "No other token reads from the first", in_paths: true, default: false },
      },
    ],
  },
  {
    ...PLAIN,
    ...{ name: "gradient_flow", title: "gradient flow", values: "gradient flow" },
    ...{ followed_by: "gradient_flow", per_head: true, steps_are_shares: true },
    settings: [TARGET],
  },
  {
    ...PLAIN,
    ...{ name: "relevance", title: "relevance", values: "relevance", followed_by: "relevance" },
    ...{ through_layers: true, own_fusion: "mean of all heads" },
    settings: [TARGET],
  },
  {
    ...PLAIN,
    ...{ name: "max_flow", title: "max-flow", values: "max-flow", followed_by: "max_flow" },
    ...{ through_layers: true, is_flow: true },
  },
  INVENTED,
];

/** All that of `about` speaks of methods. */
export const ABOUT_METHODS = { methods: METHODS };

/** The row of a method. */
export function rowOf(name: string): MethodRow {
  const row = METHODS.find((method) => method.name === name);
  if (!row) throw new Error(`No method of the tests is named ${name}.`);
  return row;
}
