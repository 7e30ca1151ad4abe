"""Russian paradigms against a hand-checked table."""

import pytest

from spacy_rnn.sample.lexicon import lexicon
from spacy_rnn.sample.marks import plain
from spacy_rnn.sample.russian.adjectives import adjective
from spacy_rnn.sample.russian.conjugation import verb
from spacy_rnn.sample.russian.nouns import CASES, noun
from spacy_rnn.sample.russian.spelling import spell

NOUNS = [  # specification, animate, singular, plural: six cases each
    ("стол *", False, "стол стола столу стол столом столе",
     "столы столов столам столы столами столах"),
    ("врач *", True, "врач врача врачу врача врачом враче",
     "врачи врачей врачам врачей врачами врачах"),
    ("плов^ец * obl=плов^ц", True, "пловец пловца пловцу пловца пловцом пловце",
     "пловцы пловцов пловцам пловцов пловцами пловцах"),
    ("заяц obl=зайц", True, "заяц зайца зайцу зайца зайцем зайце",
     "зайцы зайцев зайцам зайцев зайцами зайцах"),
    ("словарь m *", False, "словарь словаря словарю словарь словарём словаре",
     "словари словарей словарям словари словарями словарях"),
    ("герой", True, "герой героя герою героя героем герое",
     "герои героев героям героев героями героях"),
    ("брат np=брат^ья gp=брат^ьев", True, "брат брата брату брата братом брате",
     "братья братьев братьям братьев братьями братьях"),
    ("пляж", False, "пляж пляжа пляжу пляж пляжем пляже",
     "пляжи пляжей пляжам пляжи пляжами пляжах"),
    ("муж^чин^а m zero", True, "мужчина мужчины мужчине мужчину мужчиной мужчине",
     "мужчины мужчин мужчинам мужчин мужчинами мужчинах"),
    ("книга", False, "книга книги книге книгу книгой книге",
     "книги книг книгам книги книгами книгах"),
    ("птица", True, "птица птицы птице птицу птицей птице",
     "птицы птиц птицам птиц птицами птицах"),
    ("статья * gp=статей", False, "статья статьи статье статью статьёй статье",
     "статьи статей статьям статьи статьями статьях"),
    ("теор^и^я", False, "теория теории теории теорию теорией теории",
     "теории теорий теориям теории теориями теориях"),
    ("пустын^я", False, "пустыня пустыни пустыне пустыню пустыней пустыне",
     "пустыни пустынь пустыням пустыни пустынями пустынях"),
    ("мышь f", True, "мышь мыши мыши мышь мышью мыши",
     "мыши мышей мышам мышей мышами мышах"),
    ("мать f obl=мат^ер", True, "мать матери матери мать матерью матери",
     "матери матерей матерям матерей матерями матерях"),
    ("окно np=окна gp=окон", False, "окно окна окну окно окном окне",
     "окна окон окнам окна окнами окнах"),
    ("яблоко np=яблоки", False, "яблоко яблока яблоку яблоко яблоком яблоке",
     "яблоки яблок яблокам яблоки яблоками яблоках"),
    ("море", False, "море моря морю море морем море",
     "моря морей морям моря морями морях"),
    ("за~дани^е", False, "задание задания заданию задание заданием задании",
     "задания заданий заданиям задания заданиями заданиях"),
    ("уч^ёный m adj", True, "учёный учёного учёному учёного учёным учёном",
     "учёные учёных учёным учёных учёными учёных"),
]  # fmt: skip

VERBS = [  # specification, aspect, ((person, number) or past gender or imperative number, form)
    ("чит^а|ть", "Imp", {(1, "Sing"): "читаю", (3, "Plur"): "читают", "Fem": "читала", "Plur": "читайте"}),
    ("рис^ова|ть", "Imp", {(1, "Sing"): "рисую", (2, "Sing"): "рисуешь", "Masc": "рисовал", "Sing": "рисуй"}),
    ("гот^ов^и|ть imp=готовь", "Imp", {(1, "Sing"): "готовлю", (3, "Plur"): "готовят", "Plur": "готовьте"}),
    ("чист^и|ть imp=чисть", "Imp", {(1, "Sing"): "чищу", (3, "Sing"): "чистит"}),
    ("реш^и|ть", "Perf", {(1, "Sing"): "решу", (3, "Plur"): "решат", "Sing": "реши"}),
    ("пи|ть p=пью,пьёт imp=пей", "Imp", {(3, "Plur"): "пьют", (2, "Plur"): "пьёте", "Fem": "пила", "Plur": "пейте"}),
    ("печь p=пеку,печёт past=пёк,пекла imp=пеки", "Imp", {(3, "Plur"): "пекут", "Masc": "пёк", "Neut": "пекло"}),
    ("от~дох^ну|ть *", "Perf", {(1, "Sing"): "отдохну", (3, "Sing"): "отдохнёт", "Fem": "отдохнула"}),
    ("уч^и|ть&ся", "Imp", {(1, "Sing"): "учусь", (3, "Sing"): "учится", "Masc": "учился", "Fem": "училась"}),
    ("мы|ть p=мою,моет imp=мой", "Imp", {(1, "Sing"): "мою", "Sing": "мой"}),
]

ADJECTIVES = [  # lemma, (case, gender, animate), form
    ("нов^ый", ("Gen", "Masc", False), "нового"),
    ("хорош^ий", ("Gen", "Masc", False), "хорошего"),
    ("хорош^ий", ("Nom", "Neut", False), "хорошее"),
    ("больш^ой", ("Nom", "Masc", False), "большой"),
    ("больш^ой", ("Dat", "Masc", False), "большому"),
    ("син^ий", ("Acc", "Fem", False), "синюю"),
    ("син^ий", ("Nom", "Neut", False), "синее"),
    ("тих^ий", ("Ins", "Plur", False), "тихими"),
    ("дорог^ой", ("Acc", "Masc", True), "дорогого"),
    ("свеж^ий", ("Loc", "Fem", False), "свежей"),
]


@pytest.mark.parametrize(("spec", "animate", "singular", "plural"), NOUNS)
def test_noun_paradigms(spec, animate, singular, plural):
    forms = noun(spec, animate).forms
    assert [plain(forms[case, "Sing"]) for case in CASES] == singular.split()
    assert [plain(forms[case, "Plur"]) for case in CASES] == plural.split()


@pytest.mark.parametrize(("spec", "aspect", "expected"), VERBS)
def test_verb_forms(spec, aspect, expected):
    entry = verb(spec, aspect)
    for key, form in expected.items():
        table = entry.present if isinstance(key, tuple) else entry.imperative if key in ("Sing", "Plur") else entry.past
        assert plain(table[key]) == form


@pytest.mark.parametrize(("spec", "key", "form"), ADJECTIVES)
def test_adjective_forms(spec, key, form):
    assert plain(adjective(spec).forms[key]) == form


def test_second_locative_and_comparatives():
    assert plain(noun("лес l2=у np=леса", False).place) == "лесу"
    assert plain(adjective("быстр^ый").comparative) == "быстрее"
    assert adjective("хорош^ий comp=лучше").comparative == "лучше"


def test_passive_participle():
    built = verb("по~стро^и|ть imp=по~строй p=по~строю,по~строит pp=по~стро^ен", "Perf")
    assert [plain(form) for form in built.participle.values()] == ["построен", "построена", "построено", "построены"]
    solved = verb("реш^и|ть pp=реш^ён", "Perf")
    assert [plain(form) for form in solved.participle.values()] == ["решён", "решена", "решено", "решены"]


@pytest.mark.parametrize(
    ("stem", "ending", "stressed", "form"),
    [("книг", "ы", False, "книги"), ("мыш", "ям", False, "мышам"), ("муж", "ом", False, "мужем"),
     ("нож", "ом", True, "ножом"), ("дожд", "ем", True, "дождём"), ("отц", "ов", True, "отцов")],
)  # fmt: skip
def test_spelling_rules(stem, ending, stressed, form):
    assert plain(spell(stem, ending, stressed)) == form


def test_no_form_of_the_lexicon_breaks_a_spelling_rule():
    forbidden = ("гы", "кы", "хы", "жы", "шы", "чы", "щы", "жя", "шя", "чя", "щя", "жю", "шю", "чю", "щю", "ьь", "ыы")
    for concept in lexicon():
        tables = [concept.ru.forms] if concept.kind in ("noun", "name", "adjective") else []
        if concept.kind == "verb":
            tables = [t for v in concept.ru.values() for t in (v.present, v.past, v.imperative, v.participle)]
        for form in (plain(form) for table in tables for form in table.values()):
            assert not any(pair in form for pair in forbidden), form
            assert form.isalpha(), form
