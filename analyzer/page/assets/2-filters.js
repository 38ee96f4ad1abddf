// The root causes: search and filters, and cards for those that the page does not hold.
(function filters() {
  const cards = byId("cards");
  if (!cards) {
    return;
  }
  const kMost = 300; // cards made by the script at a time
  const search = byId("search");
  const selects = [...document.querySelectorAll("[data-filter]")];
  const shown = byId("shown");
  const more = byId("more-causes");
  const fixed = [...cards.children].map((card) => ({
    card,
    text: card.textContent.toLowerCase(),
    rule: card.dataset.rule,
    package: card.dataset.package,
    state: card.dataset.state,
  }));
  const rest = data.causes.map(([number, health, rule, name, headline, pack, state, places, fix,
                                 path, line]) => ({
    number, health, rule, name, headline, package: pack, state, places, fix, path, line,
    text: [rule, name, headline, fix, path].join(" ").toLowerCase(),
  }));

  function makeCard(cause) {
    const health = data.health[cause.health];
    return make("details", {class: "card made " + health, id: "cause-" + cause.number},
      make("summary", null, make("span", {class: "number"}, String(cause.number)), icon(health),
        make("span", {class: "headline"}, prose(cause.headline)),
        make("ul", {class: "impact"}, make("li", null, counted(cause.places, "place"))),
        make("span", {class: "rule"}, cause.rule + " " + cause.name)),
      make("div", {class: "body"},
        make("h4", null, "Where"), code(cause.path + ":" + cause.line),
        cause.fix ? make("h4", null, "What to do") : null,
        cause.fix ? make("p", {class: "fix"}, prose(cause.fix)) : null,
        make("p", {class: "by"}, "All places: ",
             code("pydefrag check --select " + cause.rule + " --output-format concise"))));
  }

  function apply(all) {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.map((select) => [select.dataset.filter, select.value]);
    const fits = (cause) => words.every((word) => cause.text.includes(word)) &&
      wanted.every(([key, value]) => value === "" || cause[key] === value);
    const active = words.length > 0 || wanted.some(([, value]) => value !== "");
    let count = 0;
    for (const each of fixed) {
      each.card.hidden = !fits(each);
      count += each.card.hidden ? 0 : 1;
    }
    cards.querySelectorAll(".made").forEach((card) => card.remove());
    const found = active || all === true ? rest.filter(fits) : [];
    const made = found.slice(0, all === true ? found.length : kMost);
    cards.append(...made.map(makeCard));
    shown.textContent = active
      ? commas(count + found.length) + " of " + counted(fixed.length + rest.length, "root cause")
      : "";
    if (more) {
      more.hidden = all === true || active && found.length === made.length;
    }
  }

  if (more) {
    more.replaceChildren(make("button", {onclick: () => apply(true)},
                              "show " + counted(rest.length, "more root cause")));
  }
  search.addEventListener("input", apply);
  selects.forEach((select) => select.addEventListener("change", apply));
  search.form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      apply();
      search.blur();
    }
  });
})();
