"""The page to look around in."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

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
    """With a page of cardboard: does it draw, search and zoom without an error?"""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    (tmp_path / "run.js").write_text(CARDBOARD, encoding="utf8")
    run = subprocess.run([node, tmp_path / "run.js", tmp_path / "map.html"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    drawn, found, first, near = json.loads(run.stdout)
    assert drawn >= 10 and found == "1 found" and first == "шёл" and near == 10


CARDBOARD = r"""
const page = require("fs").readFileSync(process.argv[2], "utf8");
const [data, script] = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1]);
const elements = {}, handlers = {};
let drawn = 0, number = 0;
const ink = new Proxy({}, {
  get: (kept, name) => name in kept ? kept[name] : name === "measureText" ? (text) => ({ width: 7 * text.length })
    : () => { drawn += name === "fillText"; },
  set: (kept, name, value) => { kept[name] = value; return true; },
});
const element = (id) => elements[id] ??= {
  textContent: id === "data" ? data : "", getContext: () => ink, clientWidth: 1000, clientHeight: 800, style: {},
  classList: { add() {}, remove() {} }, setPointerCapture() {}, append() {}, rows: [],
  addEventListener: (name, run) => { (handlers[id] ??= {})[name] = run; },
  replaceChildren(...children) { this.children = children; },
  insertRow() { const row = { insertCell: () => ({}) }; this.rows.push(row); return row; },
};
global.document = { getElementById: element, createElement: () => element("new" + number++) };
global.window = { addEventListener() {}, devicePixelRatio: 2 };
(0, eval)("(function () {" + script + "})()");
const labels = drawn;
handlers.map.wheel({ preventDefault() {}, deltaY: -300, deltaMode: 0, offsetX: 500, offsetY: 400 });
handlers.map.pointerdown({ pointerId: 1, offsetX: 1, offsetY: 1, pointerType: "touch" });
handlers.map.pointermove({ pointerId: 1, offsetX: 30, offsetY: 30 });
handlers.map.pointerup({ pointerId: 1 });
for (const key of ["ArrowLeft", "+", "-", "0"]) handlers.map.keydown({ key, preventDefault() {} });
handlers.search.input({ target: { value: "ШЕЛ" } });
const [name, note, table] = elements.near.children;
console.log(JSON.stringify([labels, elements.count.textContent, name.textContent, table.rows.length]));
handlers.search.keydown({ key: "Enter" });
handlers.search.keydown({ key: "Escape", target: { value: "ШЕЛ" } });
"""
