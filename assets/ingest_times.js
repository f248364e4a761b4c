// Moments and spans that keep themselves right: one clock for the whole page.
import { createElement as h, useEffect, useRef, useState } from "react";

const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS;
const listeners = new Set();
let clock = null;

/** The time, again every second while somebody looks; a span that has ended needs none. */
function useNow(isRunning) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const listen = () => setNow(Date.now());
    listeners.add(listen);
    clock ??= setInterval(() => listeners.forEach((tell) => tell()), 1000);
    return () => {
      listeners.delete(listen);
      if (!listeners.size) { clearInterval(clock); clock = null; }
    };
  }, [isRunning]);
  return now;
}

const at = (date, options) => date.toLocaleString("en-GB", options);
const startOfDay = (ms) => new Date(ms).setHours(0, 0, 0, 0);

export function distance(then, now) {
  const age = now - then, date = new Date(then);
  if (age < MINUTE_MS) return "Just now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  const days = Math.round((startOfDay(now) - startOfDay(then)) / DAY_MS);
  if (days === 0) return `${Math.floor(age / HOUR_MS)} h ago`;
  if (days === 1) return `Yesterday ${at(date, { hour: "2-digit", minute: "2-digit" })}`;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return at(date, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
}

export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** How long ago, in words; the exact time, in the reader's own zone, on hover. */
export function Ago({ moment }) {
  const now = useNow(Boolean(moment));
  if (!moment) return h("span", null, "–");
  const then = Date.parse(moment);
  const exact = at(new Date(then), {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  });
  return h("time", { dateTime: moment, title: exact, className: "num" }, distance(then, now));
}

/** A moment on the reader's clock; with its day where it was another. */
export function Time({ moment }) {
  if (!moment) return null;
  const date = new Date(moment);
  const isToday = startOfDay(date.getTime()) === startOfDay(Date.now());
  const day = isToday ? {} : { day: "numeric", month: "short" };
  return h("time", { dateTime: moment, className: "num nw" }, at(date, { ...day, hour: "2-digit", minute: "2-digit" }));
}

/** How long until a moment, counted down in the page. */
export function Until({ moment }) {
  const now = useNow(Boolean(moment));
  const left = moment ? Date.parse(moment) - now : 0;
  return h("span", { className: "num nw" }, left > 500 ? `in ${span(left)}` : "now");
}

/** Nothing to see: tells once that so many milliseconds are over. */
export function After({ ms, onDone }) {
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    const timer = setTimeout(() => done.current?.(), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return null;
}

/** How long something has taken; counts on while `until` is empty. */
export function Elapsed({ since, until }) {
  const now = useNow(Boolean(since) && !until);
  if (!since) return h("span", null, "–");
  return h("span", { className: "num" }, span((until ? Date.parse(until) : now) - Date.parse(since)));
}
