import type { Signal } from "@preact/signals";
import { capital } from "../draw/methodText";
import {
  allSettings,
  type MethodRow,
  methodOf,
  type SettingRow,
  targetSetting,
  usesFusion,
} from "../frame/method";
import type { About, StreamAbout } from "../state/about";
import { shownMethod } from "../state/heads";
import type { Fusion, Selection } from "../state/selection";
import type { FrameSource } from "../state/source";
import type { Actions, View } from "../views/view";
import { CheckField } from "./CheckField";
import { RangeField } from "./RangeField";
import { type Picking, TargetPicker } from "./target/TargetPicker";

interface Props {
  about: About;
  view: View;
  stream: StreamAbout;
  selection: Selection;
  source: FrameSource;
  actions: Actions;
  picking: Signal<Picking | null>;
}

const SIGNED_FUSION =
  ": the mean keeps signs; max is the most positive head of each pair of tokens, min the most negative";

const FUSIONS: Fusion[] = ["mean", "max", "min"];

/** The method, how it fuses heads, and the settings it has. */
export function MethodControls(props: Props) {
  const { about, view, stream, selection, actions } = props;
  const method = methodOf(about, selection.method);
  const isFixed = view.attentionOnly !== undefined;
  return (
    <>
      <label class="aw-field" title={view.attentionOnly ?? method.question ?? "What is shown"}>
        <span>Method</span>
        <select
          name="method"
          value={shownMethod(about, selection, view)}
          disabled={isFixed}
          onChange={(event) => actions.select({ method: event.currentTarget.value })}
        >
          {about.methods.map(({ name, title, in_menu = title, question }) => {
            const lack = lackOfMethod(name, stream);
            return (
              <option key={name} value={name} title={question} disabled={lack !== null}>
                {in_menu}
                {lack && ` (${lack})`}
              </option>
            );
          })}
        </select>
      </label>
      <label
        class="aw-field"
        title={
          usesFusion(method)
            ? `How heads are fused${method.signed ? SIGNED_FUSION : ""}`
            : `${capital(method.title)} fuses heads in its own way`
        }
      >
        <span>Fusion</span>
        <select
          name="fusion"
          value={selection.fusion}
          disabled={!usesFusion(method)}
          onChange={(event) => {
            const fusion = event.currentTarget.value as Fusion;
            actions.select(method.per_head ? { fusion, heads: null } : { fusion });
          }}
        >
          {FUSIONS.map((fusion) => {
            const isHeld = holdsFusion(stream, method, fusion);
            return (
              <option key={fusion} value={fusion} disabled={!isHeld}>
                {fusion}
                {!isHeld && " (not included)"}
              </option>
            );
          })}
        </select>
      </label>
      {!isFixed &&
        settingsShown(about, method, selection, view).map((setting) => {
          const given = { stream, selection, actions };
          switch (setting.kind) {
            case "range":
              return <RangeField key={setting.name} {...given} setting={setting} />;
            case "check":
              return <CheckField key={setting.name} {...given} setting={setting} />;
            default:
              return <TargetPicker key={setting.name} {...props} setting={setting} />;
          }
        })}
    </>
  );
}

/**
 * The settings of a method that change what the view shows, and the target where the view shows
 * values of one.
 */
function settingsShown(
  about: About,
  method: MethodRow,
  selection: Selection,
  view: View,
): SettingRow[] {
  const own = method.settings.filter(
    (setting) => !view.followsPaths || setting.kind !== "check" || setting.in_paths,
  );
  if (!view.usesTarget?.(selection) || targetSetting(method)) return own;
  return [...own, ...allSettings(about).filter(({ kind }) => kind === "target")];
}

/** The reason why a stream cannot be shown by a method, in a few words. */
function lackOfMethod(name: string, { methods, lacks, held }: StreamAbout): string | null {
  if (methods.includes(name)) return null;
  return (held ? undefined : lacks.methods[name]) ?? "not included";
}

/** Methods that fuse all heads are held with the fusions that were computed; others with every one. */
function holdsFusion(
  { held }: StreamAbout,
  { name, per_head }: MethodRow,
  fusion: Fusion,
): boolean {
  if (!held || per_head) return true;
  return held.methods.some((each) => each.method === name && each.fusion === fusion);
}
