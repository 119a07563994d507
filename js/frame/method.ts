/** Methods and their settings, as `about` describes them. */

/** A prediction at a position of the text, or the hidden state there. */
export interface PlacedTarget {
  kind: "logit" | "log_prob" | "hidden";
  /** Null where the model's head has no positions, or for its default one. */
  position: number | null;
  /** The token or the class; null for the most probable one. */
  index: number | null;
}

/** The difference of the logits of two tokens or classes. */
export interface ContrastTarget {
  kind: "contrast";
  position: number | null;
  index: number | null;
  /** The token or class that the logit is taken away of. */
  versus: number;
}

/** The log-probability of the tokens from start up to stop. */
export interface SpanTarget {
  kind: "span";
  start: number;
  /** Null is the end of the text. */
  stop: number | null;
}

/** The quantity that gradients are taken of; null stands for the default of the model's head. */
export type Target = PlacedTarget | ContrastTarget | SpanTarget;

/** The rule by which several heads become one picture. */
export type Fusion = "mean" | "max" | "min";

/** A number between two ends. */
export interface RangeSetting {
  kind: "range";
  /** The name of a synced trait and of a field of every want of scores. */
  name: string;
  label: string;
  help: string;
  min: number;
  max: number;
  step: number;
  default: number;
}

/** A target of gradients. */
export interface TargetSetting {
  kind: "target";
  /** As that of a range. */
  name: string;
  label: string;
  help: string;
  default: null;
}

/** Something that is on or off. */
export interface CheckSetting {
  kind: "check";
  /** As that of a range. */
  name: string;
  label: string;
  help: string;
  /** It changes the steps that paths follow. */
  in_paths: boolean;
  default: boolean;
}

/** A setting that only some methods have. */
export type SettingRow = RangeSetting | TargetSetting | CheckSetting;

/** The value of a setting of one kind. */
export type ValueOf<S extends SettingRow> = S extends TargetSetting
  ? Target | null
  : S extends CheckSetting
    ? boolean
    : number;

/** The facts of a method's row that differ where its values are changes between two runs. */
type Changed = Pick<
  MethodRow,
  | "title"
  | "question"
  | "values"
  | "signed"
  | "signs"
  | "full_scale"
  | "is_attention"
  | "is_part_of_logit"
  | "in_menu"
>;

/** The facts about a method; the browser knows no others. */
export interface MethodRow {
  /** The name that traits and wants have it by. */
  name: string;
  /** Its name in a sentence. */
  title: string;
  /** The name in the menu, where that is another. */
  in_menu?: string;
  /** The question that it answers; files and notebooks of 0.1.0 have none. */
  question?: string;
  /** The name of one of its values. */
  values: string;
  /** Every head has a picture of its own; otherwise all heads are fused. */
  per_head: boolean;
  /** The scores of a layer are those of all layers up to it. */
  through_layers: boolean;
  /** The method's own rule for fusing heads, in words; null where the user chooses one. */
  own_fusion: string | null;
  settings: SettingRow[];
  /** Values may be negative: what shows them diverges around zero. */
  signed: boolean;
  /** Where they may: what a value above zero and one below do, "raises the target". */
  signs?: [raises: string, lowers: string];
  /** The value at full strength; null for the largest there is. It is 1 where rows are shares. */
  full_scale: number | null;
  /** Its scores are read off what was captured, which never takes long. */
  is_quick: boolean;
  /** The method whose steps paths through layers follow in its place. */
  followed_by: string;
  /** The method that a comparison opens with. */
  compared_with: string;
  /** Its paths are flows, which only a kernel can solve. */
  is_flow: boolean;
  /** The rows of its steps sum to 1. */
  steps_are_shares: boolean;
  /** The matrix view shows it layer by layer. */
  evolves: boolean;
  /** Its values are the attention weights, which the summary of a layer speaks of. */
  is_attention: boolean;
  /** Its values are parts of a logit, whose other parts a chart shows; older files say nothing. */
  is_part_of_logit?: boolean;
  /** What else holds where its values are those of one run minus another's. */
  difference?: Changed;
}

/** Every method in the order of the menu; `About` is one. */
export interface Methods {
  methods: readonly MethodRow[];
}

/** A method by its name; its settings stand beside it under their own names (see `settingOf`). */
export interface MethodWant {
  method: string;
}

/** @throws {Error} when there is no method of that name. */
export function methodOf({ methods }: Methods, name: string): MethodRow {
  return found(
    methods.find((method) => method.name === name),
    `named "${name}"`,
  );
}

/** The method that every stream allows. */
export function defaultMethod({ methods }: Methods): MethodRow {
  return found(methods[0], "at all");
}

/** The methods as rows of the changes from one run to another. */
export function ofDifferences(methods: readonly MethodRow[]): MethodRow[] {
  return methods.map((method) => ({ ...method, ...method.difference }));
}

/** The one method for which a flag is set. */
export function methodWith({ methods }: Methods, flag: "is_attention" | "evolves"): MethodRow {
  return found(
    methods.find((method) => method[flag]),
    `with ${flag}`,
  );
}

function found(method: MethodRow | undefined, which: string): MethodRow {
  if (!method) throw new Error(`There is no method ${which}: nothing can be shown by it.`);
  return method;
}

/** True where the values of a row are shares of a whole, in [0, 1]. */
export function hasShares({ full_scale }: MethodRow): boolean {
  return full_scale === 1;
}

/** What values above zero and below zero do, in words. */
export function signsOf({ signs }: MethodRow): [raises: string, lowers: string] {
  return signs ?? ["is positive", "is negative"];
}

/** True where the user chooses the rule that fuses heads. */
export function usesFusion({ own_fusion }: MethodRow): boolean {
  return own_fusion === null;
}

/** The setting that says what gradients are taken of; undefined where a method takes none. */
export function targetSetting({ settings }: MethodRow): TargetSetting | undefined {
  return settings.find((setting) => setting.kind === "target");
}

/** The value of a setting in a selection or a want, which hold it under its own name. */
export function settingOf<S extends SettingRow>(holder: object, setting: S): ValueOf<S> {
  const value = (holder as Record<string, ValueOf<S> | undefined>)[setting.name];
  return value ?? (setting.default as ValueOf<S>);
}

/** The settings of all methods, each name once. */
export function allSettings({ methods }: Methods): SettingRow[] {
  const byName = new Map<string, SettingRow>();
  for (const { settings } of methods) {
    for (const setting of settings) byName.set(setting.name, setting);
  }
  return [...byName.values()];
}

/** Some settings of a selection or a want, by their names. */
export function settingsIn(
  holder: object,
  settings: readonly SettingRow[],
): Record<string, Target | number | boolean | null> {
  return Object.fromEntries(settings.map((setting) => [setting.name, settingOf(holder, setting)]));
}

/** The part of a want's key that its method and settings make; settings of others do not count. */
export function methodKey(method: MethodRow, want: MethodWant): unknown[] {
  return [method.name, ...method.settings.map((setting) => keyOfSetting(want, setting))];
}

/** A target counts by its fields, in whatever order it lists them. */
function keyOfSetting(want: MethodWant, setting: SettingRow): unknown {
  if (setting.kind !== "target") return settingOf(want, setting);
  const target = settingOf(want, setting);
  return target && keyOfTarget(target);
}

/** The fields of a target, in one order. */
export function keyOfTarget(target: Target): unknown[] {
  if (target.kind === "span") return [target.kind, target.start, target.stop];
  const place = [target.kind, target.position, target.index];
  return target.kind === "contrast" ? [...place, target.versus] : place;
}
