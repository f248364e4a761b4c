// Small parts of a form that lives on the server.
import { createElement as h, useEffect, useRef, useState } from "react";

const SAVE_MS = 400;

/** A text that saves itself: typing is never overwritten by an echo of an earlier save.
 *
 * `value` is the server's; it is taken over while nobody types here. `revision` grows where a
 * button on this page changed the text, and then it is taken over in any case.
 */
export function SavedText({ value = "", revision = 0, onSave, singleLine = false, saveMs = SAVE_MS, ...rest }) {
  const [text, setText] = useState(value);
  const now = useRef({ text: value, saved: value, timer: null });
  const element = useRef(null);
  const save = useRef(null);
  save.current = () => {
    clearTimeout(now.current.timer);
    if (now.current.text === now.current.saved) return;
    now.current.saved = now.current.text;
    onSave?.(now.current.text);
  };
  const take = () => {
    if (now.current.text === value) { now.current.saved = value; return; }
    clearTimeout(now.current.timer);
    now.current = { text: value, saved: value, timer: null };
    setText(value);
  };
  const isFirst = useRef(true);
  useEffect(() => { if (!isFirst.current) take(); isFirst.current = false; }, [revision]);
  useEffect(() => {
    const isTyping = document.activeElement === element.current || now.current.text !== now.current.saved;
    if (!isTyping) take();
  }, [value]);
  useEffect(() => {
    const leave = () => save.current();
    document.addEventListener("visibilitychange", leave);
    return () => { document.removeEventListener("visibilitychange", leave); save.current(); };
  }, []);
  return h(singleLine ? "input" : "textarea", {
    ...rest,
    ref: element,
    value: text,
    onChange: (e) => {
      now.current.text = e.target.value;
      setText(e.target.value);
      clearTimeout(now.current.timer);
      now.current.timer = setTimeout(() => save.current(), saveMs);
    },
    onBlur: () => save.current(),
  });
}

/** A radio button that answers at once, by the browser's own group, and follows the server. */
export function Radio({ value, chosen, onChoose, ...rest }) {
  const element = useRef(null);
  useEffect(() => { element.current.checked = chosen === value; }, [chosen, value]);
  return h("input", {
    ...rest, type: "radio", ref: element, value, defaultChecked: chosen === value,
    onChange: () => onChoose?.(value),
  });
}

/** Content that takes the focus and comes into view when `step` changes, so that a keyboard goes on there. */
export function FocusStep({ step, children, ...rest }) {
  const element = useRef(null), before = useRef(step);
  useEffect(() => {
    if (before.current !== step) {
      element.current?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    }
    before.current = step;
  }, [step]);
  return h("div", { ...rest, ref: element, tabIndex: -1 }, children);
}
