import { useState } from "preact/hooks";
import type { Selection } from "../state/selection";
import { Popover } from "./Popover";
import { download, rasterised } from "./savePicture";

interface Props {
  view: Selection["view"];
  picture: () => Promise<string>;
}

const FORMATS = ["SVG", "PNG"] as const;

/** Saves the current view as a picture, which the kernel draws. */
export function Save({ view, picture }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [said, say] = useState("");
  const save = async (format: (typeof FORMATS)[number]) => {
    say("Drawing…");
    try {
      const svg = new Blob([await picture()], { type: "image/svg+xml" });
      const file = format === "SVG" ? svg : await rasterised(svg, document);
      download(file, `attention-${view}.${format.toLowerCase()}`, document);
      say("");
    } catch (error) {
      say((error as Error).message);
    }
  };
  return (
    <Popover button="Save" label="Save a picture" side="right" isOpen={isOpen} onToggle={setOpen}>
      {FORMATS.map((format) => (
        <button key={format} type="button" class="aw-button" onClick={() => save(format)}>
          {format}
        </button>
      ))}
      <p class="aw-faint" role="status">
        {said || "The whole view, on white, with a caption."}
      </p>
    </Popover>
  );
}
