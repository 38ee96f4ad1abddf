// The package map: choosing a package shows its parts, choosing a module shows its neighbours.
(function treemap() {
  const svg = byId("treemap");
  if (!svg) {
    return;
  }
  const crumbs = byId("map-crumbs");
  const views = new Map(data.views.map((view) => [view[0], view.slice(1)]));
  const moduleOfNode = new Map(data.modules.map((module, i) => [module[0], i]));

  function choose(node) {
    if (views.has(node)) {
      show(node);
    } else if (moduleOfNode.has(node)) {
      window.showModule(moduleOfNode.get(node));
    }
  }

  function describe(node) {
    const [, , modules, affected, findings, broken] = data.nodes[node];
    let text = nodeName(node) + ": " + counted(modules, "module");
    text += findings ? ", " + counted(findings, "finding") + " in " + counted(affected, "module") : "";
    return text + (broken ? ", " + commas(broken) + " cannot be imported" : "");
  }

  // As much of `text` as fits, as the page's own tiles have it.
  function fit(text, width) {
    const letters = Math.max(0, Math.floor((width - 8) / 6.9));
    return text.length <= letters ? text : letters < 4 ? "" : text.slice(0, letters - 1) + "…";
  }

  function makeTile([node, x, y, width, height], holds) {
    [x, y, width, height] = [x / 10, y / 10, width / 10, height / 10];
    const [label, , modules, affected, , , worst] = data.nodes[node];
    const share = modules ? affected / modules : 0;
    const tile = make("g", {class: "tile " + data.health[worst] + (holds ? " holder" : ""),
                            "data-node": node},
                      make("title", null, describe(node)),
                      make("rect", {x, y, width, height, style: "--share:" + share.toFixed(2)}));
    const text = height < 16 ? "" : fit(label, width);
    if (text) {
      tile.append(make("text", {x: x + 4, y: y + 14}, text));
    }
    activate(tile);
    return tile;
  }

  function activate(tile) {
    const node = Number(tile.dataset.node);
    onChoose(tile, () => choose(node));
    tile.setAttribute("aria-label", describe(node));
  }

  function showCrumbs(node) {
    const way = [];
    for (let at = node; at !== 0; at = data.nodes[at][1]) {
      way.unshift(at);
    }
    crumbs.replaceChildren(make("button", {type: "button", onclick: () => show(0)}, "all"));
    for (const step of way) {
      crumbs.append(" › ", make("button", {type: "button", onclick: () => show(step)},
                                data.nodes[step][0]));
    }
  }

  function show(node) {
    const tiles = views.get(node);
    svg.replaceChildren(...tiles.map((tile, i) => {
      const next = tiles[i + 1];
      return makeTile(tile, next !== undefined && next[5] > tile[5]);
    }));
    showCrumbs(node);
  }

  svg.querySelectorAll(".tile").forEach(activate);
  showCrumbs(0);
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Backspace") {
      const back = crumbs.querySelectorAll("button");
      if (back.length > 1) {
        event.preventDefault();
        back[back.length - 2].click();
        svg.querySelector(".tile").focus();
      }
    }
  });
})();
