/** A choice between all episodes and the one that is looked at. */
class Scope {
  constructor(parent, label, onChange) {
    this.select = element(
      "select", { "aria-label": label, onchange: onChange },
      element("option", { value: "all" }, "all episodes"),
      element("option", { value: "one" }, "this episode"));
    parent.append(element("div", { class: "controls" }, this.select));
  }

  /** The episodes that are meant. */
  of(episode) {
    this.select.options[1].textContent = `episode ${episode.index}`;
    return this.select.value === "all" ? report.episodes : [episode];
  }
}
