"""The page to look around in."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from spacy_rnn.viz.colours import COLOURS
from spacy_rnn.viz.wordmap.page import save_page
from spacy_rnn.viz.wordmap.points import Choice, draw_map

from .conftest import WORDS

TITLE = '</title><script>alert("Слова")</script> {{data}}'


class Parts(HTMLParser):
    """The scripts of a page, as a browser would cut them."""

    def __init__(self):
        super().__init__()
        self.scripts, self.open = [], False

    def handle_starttag(self, tag, attrs):
        self.open = tag == "script"
        if self.open:
            self.scripts.append("")

    def handle_data(self, data):
        if self.open:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self.open = False


@pytest.fixture
def page(tmp_path, space):
    choice = Choice(dict.fromkeys(WORDS, ""))
    choice.add("новое", "<b>")
    choice.add_pair("идти", "шёл")
    drawn = draw_map(space, choice)
    save_page(space, drawn, tmp_path / "map.html", TITLE)
    return (tmp_path / "map.html").read_text(encoding="utf8")


def test_no_word_breaks_out_of_the_data(page):
    parts = Parts()
    parts.feed(page)
    data, script = parts.scripts
    data = json.loads(data)
    assert data["words"] == [*WORDS, "новое"] and data["title"] == TITLE
    assert data["pairs"] == [[0, 1]] and data["groups"] == ["", "<b>"] and data["group"][-1] == 1
    assert data["seen"] == [True] * len(WORDS) + [False]
    assert len(data["x"]) == len(data["near"]) == len(data["words"]) == len(data["y"])
    assert "innerHTML" not in script and "eval(" not in script


def test_neighbours_are_right(page, space):
    parts = Parts()
    parts.feed(page)
    data = json.loads(parts.scripts[0])
    wanted = space.neighbours(space.vectors[6], 10, [6])
    assert data["near"][6] == [[word, pytest.approx(cosine, abs=1e-3)] for word, cosine in wanted]


def test_nothing_comes_from_outside(page):
    assert not re.search(r"https?:|//\w|\bsrc=|<link|@import|url\(|fetch\(|XMLHttpRequest", page.replace("// ", ""))


def test_the_script_runs(tmp_path, page):
    """With a page of cardboard: does it draw, search and zoom, and where do labels and panel stand?"""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    (tmp_path / "run.js").write_text(CARDBOARD, encoding="utf8")
    run = subprocess.run([node, tmp_path / "run.js", tmp_path / "map.html"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["drawn"] >= 10 and told["found"] == "1 found" and told["name"] == "шёл" and told["near"] == 10
    for when, (hidden, panel, dot) in told["panels"].items():  # it follows its word
        assert not hidden, when
        assert max(abs(panel[0] - dot[0]), abs(panel[1] - dot[1])) < 300, (when, panel, dot)
    assert len({tuple(dot) for _, _, dot in told["panels"].values()}) == len(told["panels"])
    assert told["escape"] and told["elsewhere"] and not told["clicked"]
    assert told["scales"] == [pytest.approx(300), pytest.approx(0.5)]
    head, foot = (0, 0, 300, 80), (0, 780, 1000, 800)
    for boxes in told["labels"]:
        assert all(x1 >= 0 and y1 >= 0 and x2 <= 1000 and y2 <= 800 for x1, y1, x2, y2 in boxes)
        for i, box in enumerate(boxes):
            assert not any(overlap(box, other) for other in [head, foot, *boxes[i + 1 :]])
            assert not any(overlap(box, (x - 3, y - 3, x + 3, y + 3)) for x, y in told["dots"])
    assert not set(told["marks"]) & set(COLOURS)  # what is marked does not look like a group


def overlap(a, b):
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


CARDBOARD = r"""
const page = require("fs").readFileSync(process.argv[2], "utf8");
const [data, script] = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1]);
const elements = {}, handlers = { window: {} }, colours = new Set();
let labels = [], number = 0;
const ink = new Proxy({}, {
  get: (kept, name) => name in kept ? kept[name] : name === "measureText" ? (text) => ({ width: 7 * text.length })
    : name === "fillText" ? (text, x, y) => labels.push([x, y - 6, x + 7 * text.length, y + 6])
    : name === "clearRect" ? () => { labels = []; } : () => {},
  set: (kept, name, value) => { kept[name] = value; if (name === "fillStyle") colours.add(value); return true; },
});
const boxes = { head: [0, 0, 300, 80], about: [0, 780, 1000, 20], near: [0, 0, 150, 200] };
const element = (id) => elements[id] ??= {
  textContent: id === "data" ? data : "", getContext: () => ink, clientWidth: 1000, clientHeight: 800, style: {},
  get offsetLeft() { return parseFloat(this.style.left) || boxes[id][0]; },
  get offsetTop() { return parseFloat(this.style.top) || boxes[id][1]; },
  get offsetWidth() { return boxes[id][2]; },
  get offsetHeight() { return boxes[id][3]; },
  classList: { add() {}, remove() {} }, setPointerCapture() {}, append() {}, rows: [],
  addEventListener: (name, run) => { (handlers[id] ??= {})[name] = run; },
  replaceChildren(...children) { this.children = children; },
  insertRow() { const row = { insertCell: () => ({}) }; this.rows.push(row); return row; },
};
global.document = { getElementById: element, createElement: () => element("new" + number++) };
global.window = { addEventListener: (name, run) => { handlers.window[name] = run; }, devicePixelRatio: 2 };
const inside = (0, eval)("(function () {" + script + "; return (text) => eval(text); })()");
const told = { drawn: labels.length, labels: [labels], panels: {} };
told.dots = inside("words.map((word, i) => [screenX(i), screenY(i)])");
const panel = () => [
  elements.near.hidden, [element("near").offsetLeft, element("near").offsetTop],
  inside("[screenX(marked()), screenY(marked())]"),
];
const key = (key) => { handlers.map.keydown({ key, preventDefault() {} }); handlers.window.keydown({ key }); };
const wheel = (deltaY) => handlers.map.wheel({ preventDefault() {}, deltaY, deltaMode: 0, offsetX: 1, offsetY: 799 });
const click = (offsetX, offsetY) => {
  handlers.map.pointerdown({ pointerId: 1, offsetX, offsetY, pointerType: "touch" });
  handlers.map.pointerup({ pointerId: 1, offsetX, offsetY });
};
handlers.map.pointerdown({ pointerId: 1, offsetX: 1, offsetY: 1, pointerType: "touch" });
handlers.map.pointermove({ pointerId: 1, offsetX: 30, offsetY: 30 });
handlers.map.pointerup({ pointerId: 1 });
handlers.search.input({ target: { value: "ШЕЛ" } });
const [name, note, table] = elements.near.children;
Object.assign(told, { found: elements.count.textContent, name: name.textContent, near: table.rows.length });
told.panels.search = panel();
handlers.all.click();
told.panels.all = panel();
key("ArrowLeft");
told.panels.arrow = panel();
handlers.out.click();
told.panels.out = panel();
key("+");
told.panels.in = panel();
handlers.all.click();
told.labels.push(labels);
key("Escape");
told.escape = elements.near.hidden;
click(...told.dots[0]);
told.clicked = elements.near.hidden;
click(1, 799);
told.elsewhere = elements.near.hidden;
told.scales = [-1000, 1000].map((turn) => {
  for (let i = 0; i < 99; i++) wheel(turn);
  return inside("scale / whole");
});
told.marks = [...colours].filter((colour) => !inside("data.colours").includes(colour));
console.log(JSON.stringify(told));
handlers.search.keydown({ key: "Enter" });
handlers.search.keydown({ key: "Escape", target: { value: "ШЕЛ" } });
handlers.window.resize();
"""
