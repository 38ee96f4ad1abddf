// Shared by all parts of the page: the data, names, and making elements. Everything the page shows
// was computed beforehand; what happens here is choosing and drawing.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("scripted");

const byId = (id) => document.getElementById(id);

// make("td", {class: "x", onclick: f}, "text", child...)
function make(tag, attributes, ...children) {
  const svg = ["svg", "g", "rect", "text", "path", "title", "use"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag)
                      : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const code = (text) => make("code", null, text);

// Text with `names` as code.
function prose(text) {
  const span = make("span");
  text.split("`").forEach((part, i) => span.append(i % 2 ? code(part) : part));
  return span;
}

function icon(health) {
  return make("svg", {class: "icon " + health, role: "img", "aria-label": health},
              make("use", {href: "#icon-" + health}));
}

const commas = (number) => number.toLocaleString("en-US");
const counted = (number, noun) => commas(number) + " " + noun + (number === 1 ? "" : "s");

// Dotted names, made of the labels of the package tree when first asked for.
const nodeNames = [""];
function nodeName(node) {
  if (nodeNames[node] === undefined) {
    const [label, parent] = data.nodes[node];
    const above = nodeName(parent);
    nodeNames[node] = above ? above + "." + label : label;
  }
  return nodeNames[node];
}
const moduleName = (module) => nodeName(data.modules[module][0]);

// A click, Enter or the space bar on something that is no button by itself.
function onChoose(element, action) {
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.addEventListener("click", action);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      action(event);
    }
  });
}

// The contents, from the headings that are there.
(function contents() {
  const bar = byId("contents");
  document.querySelectorAll("main > section").forEach((section) => {
    bar.append(make("a", {href: "#" + section.id}, section.querySelector("h2").textContent));
  });
})();

// A link to something folded unfolds it.
function unfold() {
  const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
  }
}
window.addEventListener("hashchange", unfold);
unfold();

// Paper has no folds.
let openedForPrint = [];
window.addEventListener("beforeprint", () => {
  openedForPrint = [...document.querySelectorAll("details:not([open])")];
  openedForPrint.forEach((details) => { details.open = true; });
});
window.addEventListener("afterprint", () => {
  openedForPrint.forEach((details) => { details.open = false; });
});
