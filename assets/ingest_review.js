// The keys of the review page, and keeping what they move in view.
import { useEffect, useRef } from "react";

const WRITES = "input, textarea, select, [contenteditable]";
const PRESSES = "button, a, summary";

/** Listens while the page is open. Typing is never taken for a command; dialogs keep their keys. */
export function ReviewKeys({ active, isEditing, onMove, onConfirm, onEdit, onLeave, onMissing, onApprove, onKeys }) {
  const told = useRef({});
  told.current = { onMove, onConfirm, onEdit, onLeave, onMissing, onApprove, onKeys };

  useEffect(() => {
    const press = (event) => {
      const tell = told.current, at = event.target;
      const take = (call, ...args) => { event.preventDefault(); call?.(...args); };
      if (document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]")) return undefined;
      // A held key must not judge what nobody has looked at yet.
      if (event.key === "Enter" && event.repeat) return event.preventDefault();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        // What is being typed is saved first; approving it is the next press.
        return at.form && at.matches(WRITES) ? take(() => at.form.requestSubmit()) : take(tell.onApprove);
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
      if (at.matches?.(WRITES)) return event.key === "Escape" ? take(tell.onLeave) : undefined;
      if (event.key === "Enter") return at.closest?.(PRESSES) ? undefined : take(tell.onConfirm);
      switch (event.key.toLowerCase()) {
        case "j": return take(tell.onMove, 1);
        case "k": return take(tell.onMove, -1);
        case "e": return take(tell.onEdit);
        case "m": return take(tell.onMissing);
        case "?": return take(tell.onKeys);
        case "escape": return take(tell.onLeave);
        default: return undefined;
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  useEffect(() => {
    document.querySelector(".fr.on")?.scrollIntoView({ block: "nearest" });
    const desk = document.querySelector(".desk"), box = desk?.querySelector(".ev.on");
    if (!box) return;
    const frame = desk.getBoundingClientRect(), spot = box.getBoundingClientRect();
    desk.scrollBy({
      left: spot.left + spot.width / 2 - frame.left - frame.width / 2,
      top: spot.top + spot.height / 2 - frame.top - frame.height / 2,
    });
  }, [active]);

  useEffect(() => {
    const input = isEditing ? document.getElementById("field-value") : null;
    input?.focus();
    input?.select();
  }, [isEditing, active]);
  return null;
}
