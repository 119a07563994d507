import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** The content of the button. */
  button: ComponentChildren;
  /** The name of the box. */
  label: string;
  title?: string;
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
  /** Edge of the button that the box keeps to. */
  side: "left" | "right";
  children: ComponentChildren;
}

/** A button that opens a box; a click elsewhere or Escape closes it. */
export function Popover({ button, label, title, isOpen, onToggle, side, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const toggle = useRef(onToggle);
  toggle.current = onToggle;

  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event) => {
      if (!event.composedPath().includes(box.current as EventTarget)) toggle.current(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [isOpen]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    onToggle(false);
    box.current?.querySelector("button")?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from any control within.
    <div class="aw-options" data-to={side} ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="aw-button"
        title={title}
        aria-expanded={isOpen}
        onClick={() => onToggle(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <fieldset class="aw-popover" aria-label={label}>
          {children}
        </fieldset>
      )}
    </div>
  );
}
