// The table of tests: sorted, searched, and drawn only where it is looked at.
(function tests() {
  const view = byId("tests-view");
  if (!view) {
    return;
  }
  const kRow = 30;
  const table = byId("tests-table");
  const body = table.tBodies[0];
  const search = byId("tests-search"), outcome = byId("tests-outcome"), count = byId("tests-shown");
  const failing = new Set(["failed", "error", "not collected", "xpassed-strict", "not-run"]);
  const rank = (test) => (failing.has(test[1]) ? "0" : "1") + test[1];
  const keys = [
    (a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0,
    (a, b) => rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0,
    (a, b) => a[3] < b[3] ? 1 : a[3] > b[3] ? -1 : a[4] - b[4],
    (a, b) => (b[2] === null ? -1 : b[2]) - (a[2] === null ? -1 : a[2]),
  ];
  let column = 1, backwards = false, rows = [];

  const words = {cause: "root cause", cluster: "unexplained", related: "related"};
  function makeRow([id, state, milliseconds, kind, number]) {
    return make("tr", null, make("td", null, code(id)),
      make("td", null, icon(failing.has(state) ? "broken" : "clean"), " ", state),
      make("td", null, kind ? make("a", {href: `#${kind}-${number}`}, `${words[kind]} ${number}`) : ""),
      make("td", null, milliseconds === null ? "not recorded" : (milliseconds / 1000).toFixed(2) + " s"));
  }

  // Rows in sight, between two empty ones that keep the height.
  function draw() {
    const first = Math.max(0, Math.floor(view.scrollTop / kRow) - 10);
    const last = Math.min(rows.length, first + Math.ceil(view.clientHeight / kRow) + 20);
    const gap = (count) => make("tr", {style: `height:${count * kRow}px`, "aria-hidden": "true"});
    body.replaceChildren(gap(first), ...rows.slice(first, last).map(makeRow), gap(rows.length - last));
  }

  function apply() {
    const typed = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows = data.tests.filter((test) => (outcome.value === "" || test[1] === outcome.value) &&
      typed.every((word) => test[0].toLowerCase().includes(word)));
    const compare = keys[column];
    rows.sort((a, b) => (backwards ? -1 : 1) * compare(a, b) || keys[0](a, b));
    count.textContent = rows.length === data.tests.length ? counted(rows.length, "row")
      : commas(rows.length) + " of " + counted(data.tests.length, "row");
    view.scrollTop = 0;
    draw();
  }

  for (const state of [...new Set(data.tests.map((test) => test[1]))].sort()) {
    outcome.append(make("option", null, state));
  }
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    head.replaceChildren(make("button", {type: "button", onclick: () => {
      backwards = column === i && !backwards;
      column = i;
      [...head.parentElement.cells].forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", backwards ? "descending" : "ascending");
      apply();
    }}, head.textContent));
  });
  search.addEventListener("input", apply);
  outcome.addEventListener("change", apply);
  byId("tests-filter").addEventListener("submit", (event) => event.preventDefault());
  let waiting = false;
  view.addEventListener("scroll", () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        draw();
      });
    }
  });
  apply();
})();
