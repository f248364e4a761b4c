// Fills the page to try the API from its own description. Builds elements, never markup from text.
"use strict";

const BASE = "/api/v1";
const METHODS = ["get", "post", "patch", "delete"];

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, attributes);
  element.append(...children);
  return element;
}

// Text whose `marked` parts are code.
function prose(text) {
  return made("p", {}, ...text.split("`").map((part, at) => (at % 2 ? made("code", {}, part) : part)));
}

// A schema with its reference followed, one level as forms need it.
function resolved(description, schema = {}) {
  const found = schema.$ref ? description.components.schemas[schema.$ref.split("/").pop()] : schema;
  return found.anyOf ? { ...found, ...found.anyOf.find((one) => one.type !== "null") } : found;
}

function field(name, schema, note) {
  let input = made("input", { name });
  if (schema.type === "boolean") schema = { ...schema, enum: ["true", "false"] };
  if (schema.enum) input = made("select", { name }, ...["", ...schema.enum].map((one) => made("option", {}, one)));
  if (schema.type === "array") input = made("input", { name, type: "file", multiple: true, accept: ".pdf,.jpg,.jpeg,.png" });
  return made("label", {}, [name, note, schema.description].filter(Boolean).join(" · "), input);
}

function inputs(description, call) {
  const parts = (call.parameters ?? [])
    .filter((one) => one.in !== "cookie" && one.schema?.type !== "array")
    .map((one) => field(one.name, resolved(description, one.schema), one.required ? "required" : one.in));
  const content = call.requestBody?.content ?? {};
  const form = content["multipart/form-data"];
  if (form) {
    const properties = Object.entries(resolved(description, form.schema).properties);
    parts.push(...properties.map(([name, one]) => field(name, one, "")));
  }
  if (content["application/json"]) {
    parts.push(made("label", {}, "JSON body", made("textarea", { name: "\u0000body", value: "{}" })));
  }
  return parts;
}

function request(path, method, call, form) {
  const given = new FormData(form);
  const query = new URLSearchParams();
  for (const one of call.parameters ?? []) {
    const value = given.get(one.name);
    given.delete(one.name);
    if (one.in === "path") path = path.replace(`{${one.name}}`, encodeURIComponent(value));
    else if (one.in === "query" && value) query.append(one.name, value);
  }
  const headers = {};
  const key = document.getElementById("key").value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  let body;
  if (call.requestBody?.content["multipart/form-data"]) {
    body = new FormData();
    for (const [name, value] of given) if (value instanceof File ? value.name : value) body.append(name, value);
  } else if (call.requestBody) {
    body = given.get("\u0000body");
    headers["Content-Type"] = "application/json";
  }
  const tail = query.size ? `?${query}` : "";
  return fetch(BASE + path + tail, { method: method.toUpperCase(), headers, body, credentials: key ? "omit" : "same-origin" });
}

async function shown(response) {
  const status = `${response.status} ${response.statusText}`.trim();
  const kind = response.headers.get("content-type") ?? "";
  if (kind.startsWith("image/")) return [made("p", {}, status), made("img", { alt: "The page", src: URL.createObjectURL(await response.blob()) })];
  if (response.headers.has("content-disposition")) {
    const href = URL.createObjectURL(await response.blob());
    return [made("p", {}, status), made("a", { href, download: "" }, "Save what came")];
  }
  const text = await response.text();
  let body = text;
  try { body = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it is */ }
  return [made("p", {}, status), made("pre", { tabIndex: 0 }, body)];
}

function operation(description, path, method, call) {
  const answer = made("div", { role: "status" });
  const send = made("button", { type: "submit" }, "Send");
  const form = made("form", {}, prose(call.description ?? ""), ...inputs(description, call), send, answer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try { answer.replaceChildren(...(await shown(await request(path, method, call, form)))); }
    catch (error) { answer.replaceChildren(made("p", {}, `No answer: ${error.message}`)); }
    send.disabled = false;
  });
  const title = made("summary", {}, made("code", {}, `${method.toUpperCase()} ${path}`), made("span", {}, call.summary ?? ""));
  return made("details", {}, title, form);
}

async function fill() {
  const description = await (await fetch(`${BASE}/openapi.json`)).json();
  document.getElementById("about").replaceChildren(...prose(description.info.description).childNodes);
  const groups = new Map();
  for (const [path, calls] of Object.entries(description.paths)) {
    for (const method of METHODS.filter((one) => calls[one])) {
      const tag = calls[method].tags?.[0] ?? "more";
      groups.set(tag, [...(groups.get(tag) ?? []), operation(description, path, method, calls[method])]);
    }
  }
  const sections = [...groups].map(([tag, calls]) => made("section", {}, made("h2", {}, tag), ...calls));
  document.getElementById("calls").replaceChildren(...sections);
}

fill();
