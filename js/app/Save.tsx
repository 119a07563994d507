import { useEffect, useRef, useState } from "preact/hooks";
import type { Paper } from "../state/channel";
import type { Selection } from "../state/selection";
import type { DrawPicture } from "../state/session";
import { CancelledError, type Progress } from "../state/source";
import { Choice } from "./Choice";
import { Popover } from "./Popover";
import { download, rasterised, SCALE } from "./savePicture";

interface Props {
  view: Selection["view"];
  picture: DrawPicture;
}

const FORMATS = ["SVG", "PNG"] as const;

/** Saves the current view as a picture, which the kernel draws. */
export function Save({ view, picture }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [paper, setPaper] = useState<Paper>("light");
  const [said, say] = useState("");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [drawing, setDrawing] = useState<AbortController | null>(null);
  const underWay = useRef(drawing);
  underWay.current = drawing;
  useEffect(() => () => underWay.current?.abort(), []);

  const save = async (format: (typeof FORMATS)[number]) => {
    const controller = new AbortController();
    setDrawing(controller);
    say("");
    try {
      const asking = { onProgress: setProgress, cancel: controller.signal };
      const svg = new Blob([await picture(paper, asking)], { type: "image/svg+xml" });
      const file = format === "SVG" ? svg : await rasterised(svg, document);
      download(file, `attention-${view}.${format.toLowerCase()}`, document);
    } catch (error) {
      if (!(error instanceof CancelledError)) say((error as Error).message);
    } finally {
      setDrawing(null);
      setProgress(null);
    }
  };
  return (
    <Popover button="Save" label="Save a picture" side="right" isOpen={isOpen} onToggle={setOpen}>
      <Choice
        name="paper"
        label="Paper"
        value={paper}
        options={[
          ["light", "light"],
          ["dark", "dark"],
        ]}
        onChange={setPaper}
      />
      <div class="aw-save">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            class="aw-button"
            disabled={drawing !== null}
            onClick={() => save(format)}
          >
            {format}
          </button>
        ))}
      </div>
      <p class="aw-faint" role="status">
        {drawing ? (
          <>
            drawing…{" "}
            {progress && (
              <progress
                aria-label={`Progress of the ${progress.what}`}
                value={progress.done}
                max={progress.total}
              />
            )}{" "}
            <button type="button" class="aw-link" onClick={() => drawing.abort()}>
              Cancel
            </button>
          </>
        ) : (
          said || `The whole view with a caption; as PNG ${SCALE} times as large.`
        )}
      </p>
    </Popover>
  );
}
