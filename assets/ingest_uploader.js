// The wizard's file list: takes files from the person, sends them by tus in parts, and draws every
// row. What the server has staged comes in as `files` and wins over what this page believes; a
// transfer's own progress never leaves the browser. Told upwards: how many are in transfer, and
// what the person wants removed or kept.
import { createElement as h, useEffect, useReducer, useRef, useState } from "react";
import {
  Check, CircleAlert, CircleCheck, CirclePause, Clock, Copy, Download, FileText, FileWarning, Image,
  LoaderCircle, Upload, X,
} from "lucide-react";
import * as tus from "tus-js-client";

const HEAD_BYTES = 1024;
const PART_BYTES = 8 * 1024 * 1024;
const REDRAW_MS = 200;
const REPORT_MS = 500;
const REPEAT_REPORT_MS = 3000; // a report that was lost on the way is made good
const RETRY_S = [1, 2, 4, 8];
const SILENCE_MS = 30_000; // no byte moved for this long: drop the connection and go on anew
const MAX_DROPPED = 2000;
const MAX_LISTED = 200;
const PICTURE = /\.(jpe?g|png)$/i;
const TAIL = 11;

const STATUS = {
  waiting: ["q", Clock, "Waiting"],
  uploading: ["run", LoaderCircle, "Uploading"],
  paused: ["wait", CirclePause, "Paused"],
  processing: ["run", LoaderCircle, "Processing"],
  complete: ["ok", CircleCheck, "Complete"],
  error: ["bad", CircleAlert, "Error"],
};
const IN_TRANSFER = new Set(["waiting", "uploading", "paused", "processing"]);

const megabytes = (bytes) => (bytes / 1048576).toFixed(1);
const sizeWords = (bytes) =>
  bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${megabytes(bytes)} MB`;
const counted = (n, one, many = `${one}s`) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
const timeLeft = (seconds) =>
  seconds < 90 ? counted(Math.ceil(seconds), "second") : counted(Math.ceil(seconds / 60), "minute");

/** Files out of a drop, folders walked through. Entries must be taken before the first await. */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  const walk = async (entry) => {
    if (found.length >= MAX_DROPPED || entry.name.startsWith(".")) return;
    if (entry.isFile) {
      found.push(await new Promise((ok, no) => entry.file(ok, no)));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const children = await new Promise((ok, no) => reader.readEntries(ok, no));
      if (!children.length || found.length >= MAX_DROPPED) return;
      for (const child of children) await walk(child);
    }
  };
  for (const entry of entries) await walk(entry);
  return found;
}

/** The type that the first bytes show, as the server tells them apart. */
function typeOf(head) {
  const starts = (...bytes) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return "jpeg";
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "png";
  return new TextDecoder("latin1").decode(head).includes("%PDF-") ? "pdf" : "other";
}

/** The server's own sentence of a refusal, out of its JSON. */
function sentenceOf(response) {
  try {
    const error = JSON.parse(response.getBody()).error;
    return error.problems?.[0]?.message || error.message;
  } catch {
    return "";
  }
}

/** Everything in transfer: plain objects beside React, drawn at most every REDRAW_MS.
 *
 * One a page load: it outlives the component, so that transfers go on while the person looks at
 * another page of ours, or while the page itself catches up with a server that started again.
 */
class Transfers {
  constructor() {
    this.items = [];
    this.redraws = new Set();
    this.drawnAt = 0;
    this.settings = null;
    this.served = new Map();
    this.counter = 0;
    this.turn = Promise.resolve();
  }

  changed(isUrgent) {
    const draw = () => {
      this.timer = null;
      this.drawnAt = Date.now();
      for (const redraw of this.redraws) redraw();
    };
    if (isUrgent) {
      clearTimeout(this.timer);
      draw();
    } else this.timer ||= setTimeout(draw, Math.max(0, REDRAW_MS - (Date.now() - this.drawnAt)));
  }

  /** Goes on by itself when the connection is back; asks before a tab with transfers is closed. */
  watch() {
    window.addEventListener("online", () => this.resumeAll());
    window.addEventListener("offline", () => this.pauseAll());
    window.addEventListener("beforeunload", (e) => {
      if (this.live.some((item) => item.sent < item.size)) e.preventDefault();
    });
    setInterval(() => this.dropSilent(), 5000);
    return this;
  }

  get live() {
    return this.items.filter((item) => IN_TRANSFER.has(item.status));
  }

  places() {
    const owned = new Set(this.items.map((item) => item.fileId).filter(Boolean));
    const staged = [...this.served.values()].filter((f) => f.status !== "error" && !owned.has(f.id));
    const here = this.items.filter((item) => item.status !== "error");
    return Math.max(0, this.settings.limits.max_files - staged.length - here.length);
  }

  /** Take files in; the sentence for the drop zone where not all found a place. */
  add(files) {
    const free = this.places();
    let taken = 0, full = 0, usable = 0;
    for (const file of files) {
      const refusal = this.refusalOf(file);
      if (!refusal) usable++;
      const message = refusal || (taken < free ? "" : this.settings.words.full);
      if (!refusal && message) full++;
      if (message && this.items.filter((i) => i.status === "error").length >= MAX_LISTED) continue;
      this.items.push({
        key: `here-${++this.counter}`, file, name: file.name, size: file.size, sent: 0, rate: 0,
        status: message ? "error" : "waiting", message, movedAt: 0, tries: 0,
      });
      if (!message) taken++;
    }
    this.changed(true);
    this.pump();
    return full ? { full, usable, free } : null;
  }

  refusalOf(file) {
    const { limits, words } = this.settings;
    const dot = file.name.lastIndexOf(".");
    const extension = dot < 0 ? "" : file.name.slice(dot + 1);
    if (!limits.extensions.includes(`.${extension.toLowerCase()}`))
      return /^[\p{L}\p{N}]+$/u.test(extension)
        ? words.unsupported.replace("{extension}", extension.toUpperCase())
        : words.untyped;
    if (!file.size) return words.empty;
    if (file.size > limits.max_bytes) return words.too_large.replace("{megabytes}", megabytes(file.size));
    return "";
  }

  pump() {
    const busy = this.items.filter((item) => item.isSending).length;
    const next = this.items.filter((item) => item.status === "waiting" && !item.isSending);
    for (const item of next.slice(0, Math.max(0, this.settings.limits.parallel - busy))) this.start(item);
  }

  async start(item) {
    item.isSending = true;
    item.status = "uploading";
    item.movedAt = Date.now();
    this.changed(true);
    item.upload ||= this.prepared(item);
    item.message ||= await this.insideOf(item);
    if (item.message) {
      item.status = "error";
      return this.released(item);
    }
    await this.turnOf(item);
    if (!item.upload.url) await this.takeUp(item);
    if (item.isCancelled || item.status !== "uploading") return item.passOn();
    item.upload.start();
  }

  /** The server would look at the first bytes as well, but only after they were sent. */
  async insideOf(item) {
    const { words } = this.settings;
    const head = new Uint8Array(await item.file.slice(0, HEAD_BYTES).arrayBuffer());
    const claimed = item.name.slice(item.name.lastIndexOf(".")).toLowerCase();
    return words.inside[claimed][typeOf(head)];
  }

  /** Go on with what an earlier page began, if the draft still has it and nobody else sends it. */
  async takeUp(item) {
    const taken = new Set(this.items.map((other) => other.fileId).filter(Boolean));
    const idOf = (one) => one.uploadUrl.split("/").pop();
    const isHalf = (one) => this.served.get(idOf(one))?.status === "receiving" && !taken.has(idOf(one));
    const before = (await item.upload.findPreviousUploads()).find(isHalf);
    if (!before) return;
    item.fileId = idOf(before);
    item.upload.resumeFromPreviousUpload(before);
  }

  /** Uploads are made one after the other, so that the draft keeps the person's order. */
  turnOf(item) {
    const before = this.turn;
    this.turn = new Promise((pass) => { item.passOn = pass; setTimeout(pass, 3000); });
    return before;
  }

  prepared(item) {
    const upload = new tus.Upload(item.file, {
      endpoint: this.settings.endpoint,
      chunkSize: PART_BYTES,
      retryDelays: null, // patience is ours: a pause that the person sees, without an end
      removeFingerprintOnSuccess: true,
      // No draft in it: a half-sent file is found again wherever its draft has gone, or is 404.
      fingerprint: async (f) => ["ingestio", f.name, f.size, f.lastModified].join("|"),
      // No draft here either: the server puts a file into the wizard's one open draft.
      metadata: { filename: item.name },
      onUploadUrlAvailable: () => {
        item.fileId = upload.url.split("/").pop();
        item.passOn();
        if (item.isCancelled) this.abort(item);
      },
      onProgress: (sent) => this.progressed(item, sent),
      onSuccess: () => {
        item.sent = item.size;
        item.status = "processing";
        this.released(item);
      },
      onError: (error) => this.stopped(item, error),
    });
    return upload;
  }

  progressed(item, sent) {
    const now = Date.now();
    if (item.status === "paused") item.status = "uploading";
    if (sent > item.sent && item.movedAt) {
      const rate = (sent - item.sent) / Math.max(1, now - item.movedAt);
      item.rate = item.rate ? 0.8 * item.rate + 0.2 * rate : rate;
    }
    if (sent !== item.sent) [item.movedAt, item.tries] = [now, 0];
    item.sent = sent;
    if (sent === item.size) item.status = "processing";
    this.changed(false);
  }

  stopped(item, error) {
    item.passOn();
    if (item.isCancelled) return;
    const response = error.originalResponse;
    const status = response ? response.getStatus() : 0;
    if ([404, 410].includes(status) && item.fileId) return this.forget(item); // removed elsewhere
    const isPassing = !status || status >= 500 || [409, 423, 429].includes(status);
    if (!isPassing || status === 507) {
      item.status = "error";
      item.message = sentenceOf(response) || "The server refused this file.";
      item.canRetry = status === 401 || status === 507;
      return this.released(item);
    }
    this.pause(item, Number(response?.getHeader("Retry-After")) || 0);
  }

  pause(item, seconds) {
    item.status = "paused";
    item.rate = 0;
    const wait = seconds || RETRY_S[Math.min(item.tries++, RETRY_S.length - 1)];
    clearTimeout(item.timer);
    item.timer = setTimeout(() => this.resume(item), wait * 1000);
    this.changed(true);
  }

  resume(item) {
    clearTimeout(item.timer);
    if (item.status !== "paused" || item.isCancelled) return;
    if (!navigator.onLine) return; // the `online` event comes back here
    item.movedAt = Date.now();
    item.upload.start();
  }

  resumeAll() {
    for (const item of this.items) if (item.status === "paused") this.resume(item);
  }

  pauseAll() {
    for (const item of this.items)
      if (item.isSending && item.status === "uploading") {
        item.upload?.abort();
        this.pause(item, 0);
      }
  }

  dropSilent() {
    for (const item of this.items)
      if (item.status === "uploading" && item.movedAt && Date.now() - item.movedAt > SILENCE_MS) {
        item.upload?.abort();
        this.pause(item, 0);
      }
  }

  released(item) {
    item.isSending = false;
    this.changed(true);
    this.pump();
  }

  forget(item) {
    clearTimeout(item.timer);
    this.items = this.items.filter((other) => other !== item);
    this.released(item);
  }

  /** A half-made upload has no address yet: it is removed as soon as it has one. */
  abort(item) {
    item.upload?.abort(Boolean(item.upload.url)).catch(() => {});
  }

  cancel(item) {
    item.isCancelled = true;
    if (item.upload?.url) this.abort(item);
    this.forget(item);
  }

  retry(item) {
    [item.status, item.message, item.tries] = ["waiting", "", 0];
    this.changed(true);
    this.pump();
  }

  /** The server's rows are the truth: its verdict counts, and what was removed there goes here. */
  serve(files) {
    if (this.files === files) return;
    if (this.files?.length && !files.length) this.items = this.live; // a fresh start
    this.files = files;
    this.served = new Map(files.map((file) => [file.id, file]));
    for (const item of this.items) {
      const row = this.served.get(item.fileId);
      item.wasServed ||= Boolean(row);
      if (["complete", "error"].includes(row?.status)) item.status = row.status;
    }
    const isGone = (item) => item.wasServed && !item.isSending && !this.served.has(item.fileId);
    this.items = this.items.filter((item) => !isGone(item));
  }
}

/** One row a file, the server's word first; what was refused stands on top. */
function rowsOf(transfers, hidden) {
  const rows = [], owned = new Set();
  for (const item of transfers.items) {
    const file = transfers.served.get(item.fileId);
    if (file) owned.add(file.id);
    if (file && ["complete", "error"].includes(file.status)) rows.push(servedRow(file, item.key));
    else rows.push(ownRow(item, file));
  }
  for (const file of transfers.served.values())
    if (!owned.has(file.id)) rows.push(servedRow(file, file.id));
  const shown = rows.filter((row) => !hidden.has(row.fileId));
  return [...shown.filter((row) => row.isRefused), ...shown.filter((row) => !row.isRefused)];
}

function ownRow(item, file) {
  const isInspected = file?.status === "inspecting" || item.status === "processing";
  const status = isInspected ? "processing" : item.status;
  const percent = item.size ? Math.floor((100 * item.sent) / item.size) : 0;
  return {
    key: item.key, item, fileId: item.fileId, name: item.name, size: sizeWords(item.size), pages: "",
    status, isRefused: status === "error", percent, message: ownWords(item, status), retry: item.canRetry,
  };
}

function ownWords(item, status) {
  if (status === "error") return item.message;
  if (status === "processing") return "Received. Counting pages";
  if (status === "waiting") return "Next in line";
  if (status === "paused")
    return `Connection lost. Goes on by itself${item.sent < 104858 ? "" : ` from ${megabytes(item.sent)} MB`}.`;
  const left = item.rate ? (item.size - item.sent) / item.rate / 1000 : 0;
  if (item.size < 1048576) return "";
  const soFar = `${megabytes(item.sent)} of ${megabytes(item.size)} MB`;
  return left > 2 ? `${soFar} · ${timeLeft(left)} left` : soFar;
}

function servedRow(file, key) {
  const isHalf = file.status === "receiving";
  const isTwin = file.code === "duplicate";
  const status = { receiving: "paused", inspecting: "processing" }[file.status] || file.status;
  return {
    key, fileId: file.id, name: file.name, size: file.size, pages: file.pages,
    status: isTwin ? "" : status, isTwin, isRefused: status === "error" && !isTwin,
    percent: isHalf ? Math.floor((100 * file.received_bytes) / file.size_bytes) : 0,
    message: isHalf
      ? `${megabytes(file.received_bytes)} of ${megabytes(file.size_bytes)} MB arrived. Choose the file again to go on.`
      : status === "processing" ? "Received. Counting pages" : file.message,
    href: file.note_href,
  };
}

function Name({ name }) {
  const isLong = name.length > TAIL;
  return h("div", { className: "nm mt", title: name },
    h("span", { className: "tr" }, isLong ? name.slice(0, -TAIL) : ""),
    h("span", null, isLong ? name.slice(-TAIL) : name));
}

function Status({ row }) {
  if (!row.status) return h("div", { className: "stt" },
    h("div", { className: "top" }, h("span", { className: "st q" }, h(Copy, { size: 16, "aria-hidden": true }), "Left out")));
  const [tone, icon, word] = STATUS[row.status];
  const hasBar = row.status === "uploading" || row.status === "paused";
  return h("div", { className: "stt" },
    h("div", { className: "top" },
      h("span", { className: `st ${tone}` },
        h(icon, { size: 16, "aria-hidden": true, className: icon === LoaderCircle ? "spin" : "" }), word),
      hasBar && h("span", { className: "mut num" }, `${row.percent} %`)),
    hasBar && h("div", { className: "bar th", role: "progressbar", "aria-label": `Transfer of ${row.name}`,
      "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": row.percent },
      h("i", { className: row.status === "paused" ? "pau" : "acc", style: { width: `${row.percent}%` } })));
}

function Row({ row, onX, onRetry, onKeepBoth }) {
  const icon = row.isRefused ? FileWarning : PICTURE.test(row.name) ? Image : FileText;
  const act = (words, go) => h("button", { type: "button", className: "lnk", onClick: go }, words);
  return h("li", { className: row.isRefused ? "frow err" : "frow" },
    h("span", { className: "ft", "aria-hidden": true }, h(icon, { size: 16 })),
    h("div", { className: "fn" },
      h(Name, { name: row.name }),
      h("div", { className: "sm mut num" },
        h("span", { className: "mobi" }, [row.pages, row.size, row.message && " "].filter(Boolean).join(" · ")),
        row.message && h("span", { className: row.isRefused ? "t-bad" : "" }, row.message),
        row.isTwin && [" ", act("Keep both", () => onKeepBoth(row.fileId))],
        row.retry && [" ", act("Try again", () => onRetry(row.item))],
        row.href && [" ", h("a", { href: row.href }, "See the result")])),
    h("div", { className: "n" }, row.pages || (row.isRefused ? "" : h("span", { className: "mut" }, "–"))),
    h("div", { className: "n mut" }, row.size),
    h(Status, { row }),
    h("button", { type: "button", className: "ib", "aria-label": `${row.status in { waiting: 1, uploading: 1, paused: 1 } ? "Cancel" : "Remove"} ${row.name}`, onClick: () => onX(row) },
      h(X, { size: 16, "aria-hidden": true })));
}

function Zone({ limits, places, over, problem, open, input, onChoose }) {
  const tone = over ? "drop over" : problem ? "drop err" : "drop";
  const title = over ? `Drop to add ${over > 1 ? counted(over, "file") : "your files"}`
    : problem ? `${counted(problem.full, "file was", "files were")} not added` : "Drag & drop files here or click to browse";
  const line = over ? `${counted(places, "place")} left in this batch`
    : problem ? `${counted(problem.usable, "file is", "files are")} more than the ${counted(problem.free, "place")} left. ${limits.more}`
    : "Upload your files to begin processing";
  return h("section", { className: tone, "aria-label": "Add files", onClick: (e) => e.target.closest("button,input,a") || open() },
    h("input", { type: "file", multiple: true, ref: input, className: "sr", tabIndex: -1, "aria-label": "Files to upload",
      accept: limits.extensions.join(","), onChange: (e) => { onChoose([...e.target.files]); e.target.value = ""; } }),
    h("span", { className: "ic", "aria-hidden": true }, h(over ? Download : problem ? CircleAlert : Upload, { size: 20 })),
    h("div", null,
      h("h2", null, title),
      h("p", { className: "mut", role: problem ? "alert" : undefined }, line),
      h("ul", { className: "lim" }, limits.lines.map((text) => h("li", { key: text }, text)))),
    h("button", { type: "button", className: "btn lg pri end", onClick: open },
      h(Upload, { size: 16, "aria-hidden": true }), "Upload Files"));
}

/** Announced once a wave is over: few words, no counting along. */
function useAnnouncement(inTransfer, valid, refused) {
  const [words, say] = useState("");
  const before = useRef(0);
  useEffect(() => {
    if (before.current && !inTransfer)
      say(`${counted(valid, "file")} ready${refused ? `, ${refused} refused` : ""}.`);
    else if (!before.current && inTransfer) say(`${counted(inTransfer, "file")} in transfer.`);
    before.current = inTransfer;
  }, [inTransfer, valid, refused]);
  return words;
}

/** Tells how many are in transfer: at once when it begins or ends, else every REPORT_MS at most. */
function useReports(inTransfer, tell) {
  const told = useRef({ count: -1, at: 0, timer: null });
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const t = told.current;
    const report = () => {
      [t.count, t.at] = [inTransfer, Date.now()];
      latest.current?.(inTransfer);
    };
    clearTimeout(t.timer);
    if (t.count === inTransfer) return;
    const isEdge = t.count <= 0 || inTransfer === 0;
    if (isEdge) report();
    else t.timer = setTimeout(report, Math.max(0, REPORT_MS - (Date.now() - t.at)));
  }, [inTransfer]);
  useEffect(() => {
    if (!inTransfer) return undefined;
    const again = setInterval(() => latest.current?.(told.current.count), REPEAT_REPORT_MS);
    return () => clearInterval(again);
  }, [inTransfer > 0]);
}

/** A drop anywhere on the page counts, and never makes the browser open the file instead. */
function useDrops(isShown, add) {
  const [over, setOver] = useState(0);
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    if (!isShown) return undefined;
    let depth = 0;
    const hasFiles = (e) => e.dataTransfer?.types?.includes("Files");
    const on = {
      dragenter: (e) => { if (hasFiles(e)) { depth++; setOver(e.dataTransfer.items.length || 1); } },
      dragleave: (e) => { if (hasFiles(e) && --depth <= 0) { depth = 0; setOver(0); } },
      dragover: (e) => { if (hasFiles(e)) e.preventDefault(); },
      drop: async (e) => {
        if (!hasFiles(e)) return;
        e.preventDefault();
        depth = 0;
        setOver(0);
        latest.current(await droppedFiles(e.dataTransfer));
      },
    };
    for (const [name, go] of Object.entries(on)) window.addEventListener(name, go);
    return () => { for (const [name, go] of Object.entries(on)) window.removeEventListener(name, go); };
  }, [isShown]);
  return over;
}

let shared = null;

export function IngestUploader({
  endpoint, limits, words, files = [], isShown = true, pagesWords = "", onTransfers, onRemove, onKeepBoth, onDiscard,
}) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const input = useRef(null), hidden = useRef(new Map());
  const [problem, setProblem] = useState(null);
  const transfers = (shared ||= new Transfers().watch());
  useEffect(() => {
    transfers.redraws.add(redraw);
    return () => transfers.redraws.delete(redraw);
  }, [transfers]);
  transfers.settings = { endpoint, limits, words };
  transfers.serve(files);

  const add = (chosen) => setProblem(transfers.add(chosen));
  const over = useDrops(isShown, add);

  const remove = (fileId) => {
    hidden.current.set(fileId, setTimeout(() => { hidden.current.delete(fileId); redraw(); }, 5000));
    redraw();
    onRemove?.(fileId);
  };
  const x = (row) => {
    if (row.item) return transfers.cancel(row.item);
    transfers.items = transfers.items.filter((item) => item.fileId !== row.fileId);
    remove(row.fileId);
  };
  const startOver = () => {
    if (files.length) return onDiscard?.();
    transfers.items = [];
    redraw();
  };
  const rows = rowsOf(transfers, hidden.current);
  const moving = rows.filter((row) => IN_TRANSFER.has(row.status));
  const valid = rows.filter((row) => row.status === "complete").length;
  const refused = rows.filter((row) => row.isRefused).length;
  useReports(transfers.live.length, onTransfers);
  const said = useAnnouncement(moving.length, valid, refused);
  const about = [pagesWords, moving.length && `${moving.length} in transfer`, refused && `${refused} refused`];

  return h("div", null,
    h(Zone, { limits, places: transfers.places(), over, problem: rows.length ? problem : null, input, open: () => input.current.click(), onChoose: add }),
    h("p", { className: "sr", role: "status" }, said),
    rows.length > 0 && h("section", { className: "card files", "aria-labelledby": "selected-files" },
      h("div", { className: "ch" },
        h("div", null,
          h("h2", { id: "selected-files" }, `Selected Files (${valid} valid)`),
          h("p", { className: "sm mut num" }, about.filter(Boolean).join(" · "))),
        h("button", { type: "button", className: "btn end", onClick: moving.length ? () => moving.forEach(x) : startOver },
          moving.length ? "Cancel all" : "Start over")),
      h("ul", { "aria-label": "Files" }, rows.map((row) => h(Row, {
        key: row.key, row, onX: x, onRetry: (item) => transfers.retry(item), onKeepBoth: (id) => onKeepBoth?.(id),
      })))));
}
