"""The sentence patterns: each builds one abstract sentence from words it asks of the chooser; both languages
realise it.

Register one with ``@pattern``. The more frequent a pattern is to be, the larger its weight. Sentiment is counted by
the chooser from the words drawn; where a pattern negates, it draws calm words, or turns the polarity round itself
(``does not like``).
"""

from collections.abc import Callable
from functools import cache

from .abstract import NP, Clause, Mod, Pronoun
from .choose import THINGS, Chooser, describing, members
from .lexicon import Concept, lexicon

PATTERNS: dict[str, tuple[Callable[[Chooser], Clause], float]] = {}


def pattern(weight: float = 1.0):
    def register(function: Callable[[Chooser], Clause]) -> Callable[[Chooser], Clause]:
        PATTERNS[function.__name__] = (function, weight)
        return function

    return register


def plain_object(verb: Concept) -> bool:
    return "ru" not in verb.options and "en" not in verb.options


def can_be_passive(verb: Concept) -> bool:
    return "Perf" in verb.ru and bool(verb.ru["Perf"].participle)


@cache
def word(lemma: str, klass: str = "") -> Concept:
    """A certain English verb."""
    return next(c for c in lexicon() if c.kind == "verb" and c.en.lemma == lemma and klass in ("", c.klass))


def simple(tense: str, verb: Concept) -> str:
    """Verbs of state: loved, not was loving."""
    return (
        {"prog": "pres", "pastprog": "past", "perf": "past"}.get(tense, tense) if "stative" in verb.options else tense
    )


def event(w: Chooser, tense: str = "", subject: NP | None = None, calm: bool = False) -> Clause:
    """Somebody does something, somewhere, or goes somewhere: the clause that many patterns are built of."""
    frame = w.one(("trans", "trans", "trans", "place", "move"))
    verb = w.verb(frame, calm)
    tense = simple(tense, verb) if tense else w.tense(verb)
    c = Clause(subject=subject or w.subject(verb), verb=verb, tense=tense)
    if frame == "trans":
        c.object = w.of_class(verb.options["objects"], calm)
    else:
        c.mods = [Mod("at" if frame == "place" else "to", w.of_class(verb.options["objects"], calm))]
        c.aspect = "Imp" if frame == "place" else ""
    return c


# -- one verb ---------------------------------------------------------------------------------------------------------


@pattern(6)
def transitive(w: Chooser) -> Clause:
    verb = w.verb("trans")
    c = Clause(subject=w.subject(verb), verb=verb, object=w.of_class(verb.options["objects"]), tense=w.tense(verb))
    return w.dress(c)


@pattern(1.5)
def object_first(w: Chooser) -> Clause:
    """Книгу читает Анна: who does what is told by the endings only."""
    verb = w.verb("trans", fits=plain_object)
    c = Clause(
        subject=w.somebody(),
        verb=verb,
        object=w.of_class(verb.options["objects"]),
        tense=w.one(("past", "pres", "fut")),
    )
    c.order = "object first"
    return c


@pattern(2)
def negated(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "past", "pres", "fut")), calm=True)
    c.negated, c.contracted = True, w.chance(0.5)
    return c


@pattern(3)
def activity(w: Chooser) -> Clause:
    verb = w.verb("place")
    c = Clause(
        subject=w.subject(verb),
        verb=verb,
        tense=simple(w.one(("past", "pres", "fut", "prog", "pastprog")), verb),
        aspect="Imp",
    )
    place = Mod("at", w.of_class(verb.options["objects"]))
    if w.chance(0.3):
        c.front = place
        c.order = "verb first" if w.chance(0.5) and not isinstance(c.subject.head, Pronoun) else ""
    else:
        c.mods.append(place)
    if w.chance(0.25) and "stative" not in verb.options:
        c.manner = w.manner()
    return c


@pattern(2)
def goes_to(w: Chooser) -> Clause:
    verb = w.verb("move")
    c = Clause(
        subject=w.subject(verb), verb=verb, tense=w.tense(verb), mods=[Mod("to", w.of_class(verb.options["objects"]))]
    )
    if w.chance(0.4):
        w.add_time(c)
    return c


@pattern(1.5)
def comes_from(w: Chooser) -> Clause:
    verb = w.one((word("come"), word("return"), word("move", "move")))
    w.count(verb)
    return Clause(subject=w.person(), verb=verb, tense=w.one(("past", "fut", "perf")), mods=[Mod("from", w.place())])


@pattern(1)
def from_country_to_capital(w: Chooser) -> Clause:
    country, capital = w.name("country"), w.name("capital")
    verb = w.count(w.one((word("fly"), word("go"), word("move", "move"))))
    return Clause(
        subject=w.person(), verb=verb, tense=w.one(("past", "fut")), mods=[Mod("from", country), Mod("to", capital)]
    )


@pattern(2)
def gives(w: Chooser) -> Clause:
    verb = w.verb("give")
    c = Clause(subject=w.person(), verb=verb, recipient=w.somebody(), object=w.of_class(verb.options["objects"]))
    c.tense = w.one(("past", "past", "fut", "pres", "perf"))
    return c


@pattern(1.5)
def with_tool(w: Chooser) -> Clause:
    verb = w.verb("tool")
    tool = w.noun(",".join("=" + name for name in verb.options["with"].split(",")), number="Sing")
    c = Clause(subject=w.person(), verb=verb, object=w.of_class(verb.options["objects"]), mods=[Mod("tool", tool)])
    c.tense = w.one(("past", "pres", "fut", "prog"))
    return c


@pattern(1.5)
def in_company(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "fut")))
    c.mods.append(Mod("with", NP(w.concept(members("noun", COMPANIONS)), owner=c.subject, own=True)))
    return c


@pattern(1)
def before_or_after(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "fut")))
    c.mods.append(Mod(w.one(("before", "after", "after")), w.noun("event", number="Sing", calm=True)))
    return c


@pattern(1)
def without_thing(w: Chooser) -> Clause:
    verb = w.verb("move", calm=True)
    c = Clause(subject=w.person(), verb=verb, mods=[Mod("to", w.of_class(verb.options["objects"]))], tense="past")
    c.mods.append(
        Mod("without", w.noun("=passport =ticket =map =umbrella =suitcase =bag =phone =money", bare=False, calm=True))
    )
    return c


@pattern(1.5)
def talks_about(w: Chooser) -> Clause:
    verb = w.count(w.one((word("say"), word("think"), word("sing", "place"))))
    c = Clause(subject=w.person(), verb=verb, tense=w.one(("past", "pres", "prog")), aspect="Imp")
    if verb.en.lemma == "say":
        c.verb = word("talk")
    c.mods = [Mod("about", w.one((w.person, w.place, lambda: w.noun("idea text art event")))())]
    return c


# -- being ------------------------------------------------------------------------------------------------------------

COMPANIONS = "=brother =sister =son =daughter =friend =neighbour =uncle =aunt =nephew =niece =grandson =mother =father"
DESCRIBED = f"person animal food drink place vehicle text art event idea plant {THINGS}"


@pattern(4)
def described(w: Chooser) -> Clause:
    subject = w.noun(DESCRIBED, calm=True)
    if subject.det == "a" and not subject.owner:
        subject.det = "the"
    c = Clause("be", subject=subject, predicate=w.adjective(subject.head), tense=w.one(("past", "pres", "pres", "fut")))
    return c


@pattern(2)
def not_described(w: Chooser) -> Clause:
    """The soup was not tasty: negation turns the polarity of the adjective round."""
    c = described(w)
    w.polarity -= 2 * c.predicate.polarity
    if c.predicate.polarity < 0:  # "not bad" is no praise
        w.polarity += c.predicate.polarity
    c.negated, c.contracted = True, w.chance(0.5)
    return c


@pattern(2)
def profession(w: Chooser) -> Clause:
    subject = w.named_person() if w.chance(0.6) else NP(w.concept(members("noun", "kin")), owner=NP(w.pronoun()))
    masculine = gender_matched(subject)
    predicate = NP(w.concept(masculine), det="a")
    if w.chance(0.3) and (adjective := w.adjective(predicate.head)):
        predicate.adjectives.append(adjective)
    tense = w.one(("past", "pres", "pres", "fut"))
    return Clause(
        w.one(("be", "become")) if tense != "pres" else "be",
        subject=subject,
        verb=word("become"),
        predicate=predicate,
        tense=tense,
    )


def gender_matched(subject: NP) -> tuple[Concept, ...]:
    """Professions, the feminine ones for women only."""
    gender = subject.head.options.get("gender") or subject.head.ru.gender
    people = members(
        "noun", "person.work person.science person.sport person.culture person.food person.travel person.nature"
    )
    pairs = {"actress": "actor", "queen": "king", "princess": "prince", "waitress": "waiter", "heroine": "hero"}
    wrong = pairs.values() if gender == "Fem" else pairs.keys()
    return tuple(c for c in people if c.en.lemma not in wrong)


@pattern(1.5)
def there_is(w: Chooser) -> Clause:
    place = w.noun("=table =chair =shelf =bed =stove =carpet =sofa", number="Sing", calm=True)
    place.det = "the"
    thing = w.noun("thing.family thing.travel food text tool")
    thing.det, thing.owner = ("a" if thing.number == "Sing" else ""), None
    return Clause("exist", subject=thing, tense=w.one(("pres", "past")), mods=[Mod("on", place)])


@pattern(1.5)
def there_are_in_city(w: Chooser) -> Clause:
    thing = w.noun("place.culture place.food place.travel place.sport place.science", number="Plur")
    thing.det, thing.owner = "", None
    thing.count = 2 + int(w.rng.random() * 9) if w.chance(0.4) else 0
    return Clause("exist", subject=thing, tense=w.one(("pres", "past")), mods=[Mod("at", w.name("capital"))])


@pattern(2)
def has(w: Chooser) -> Clause:
    thing = w.noun("thing animal vehicle kin =friend =house =garden =idea =project")
    thing.det, thing.owner = ("a" if thing.number == "Sing" else ""), None
    return Clause(
        "have", subject=w.person(), verb=word("have"), object=thing, tense=w.one(("pres", "pres", "past", "fut"))
    )


@pattern(1)
def has_not(w: Chooser) -> Clause:
    thing = w.noun("thing animal vehicle =garden =house", bare=True, calm=True)
    return Clause(
        "have", subject=w.person(), verb=word("have"), object=thing, tense=w.one(("pres", "past")), negated=True
    )


@pattern(1)
def where_it_lies(w: Chooser) -> Clause:
    thing = w.noun("thing.family thing.travel text tool", calm=True)
    thing.det = "" if thing.owner else "the"
    place = w.noun("furniture =window =door =car =box", number="Sing", calm=True)
    return Clause(
        subject=thing,
        verb=word("lie"),
        tense=w.one(("pres", "past")),
        mods=[Mod(w.one(("under", "behind", "near", "on")), place)],
    )


@pattern(1)
def in_front_stands(w: Chooser) -> Clause:
    """Около дома стоит машина."""
    thing = w.noun("vehicle furniture plant =horse =house", number="Sing")
    near = Mod(
        w.one(("near", "behind")),
        w.noun("=house =school =theatre =palace =castle =lake =forest =hotel =station", number="Sing", calm=True),
    )
    return Clause(subject=thing, verb=word("stand"), tense=w.one(("pres", "past")), front=near, order="verb first")


@pattern(1.5)
def comparison(w: Chooser) -> Clause:
    first = w.noun("animal vehicle place.travel place.culture text food thing plant", number="Sing", calm=True)
    others = tuple(c for c in members("noun", first.head.klass) if c is not first.head)
    other = w.phrase(w.concept(others, calm=True), number="Sing", calm=True)
    for np in (first, other):
        np.det = "" if np.owner else "the"
        np.adjectives = []
    adjectives = [c for c in adjectives_of(first.head) if c.ru.comparative]
    return Clause(
        "be", subject=first, predicate=w.concept(tuple(adjectives)), than=other, tense=w.one(("pres", "past"))
    )


def adjectives_of(noun: Concept) -> list[Concept]:
    unscaled = ("wooden", "ordinary", "famous", "modern", "tired", "wild", "broken", "rotten")
    return [c for c in describing(noun.klass, noun.topic) if c.en.lemma not in unscaled]


@pattern(1.5)
def superlative(w: Chooser) -> Clause:
    noun = w.concept(members("noun", "place.travel place.culture place.food place.science"))
    np = NP(noun, superlative=w.concept(tuple(adjectives_of(noun))), of=None)
    this = NP(noun, det="this")
    np.of = w.name("country capital")
    return Clause("be", subject=this, predicate=np, tense="pres")


@pattern(1)
def age(w: Chooser) -> Clause:
    w.topics["family"] += 1
    years = NP(next(c for c in members("noun", "=year")), count=2 + int(w.rng.random() * 11))
    subject = w.one((w.named_person, lambda: NP(w.concept(members("noun", "kin")), owner=NP(w.pronoun()))))()
    return Clause("age", subject=subject, object=years, tense=w.one(("pres", "past")))


WEATHER = (
    ("cold", "холод^н^о"),
    ("warm", "тепл^о"),
    ("hot", "жар^к^о"),
    ("dark", "темн^о"),
    ("quiet", "тих^о"),
    ("windy", "ветрен^о"),
)


@pattern(1)
def weather(w: Chooser) -> Clause:
    w.topics["nature"] += 1
    tense = w.one(("pres", "past", "fut"))
    c = Clause("weather", predicate=w.one(WEATHER), tense=tense, mods=[w.somewhere()])
    if time := w.chance(0.5) and w.time(tense):
        c.front = time
    return c


EVALUATIONS = (
    ("useful", "по~лез^н^о", 1),
    ("interesting", "интерес^н^о", 1),
    ("difficult", "труд^н^о", 0),
    ("pleasant", "при~ят^н^о", 1),
    ("boring", "скуч^н^о", -1),
    ("dangerous", "опас^н^о", -1),
    ("possible", "воз~мож^н^о", 0),
)


@pattern(1)
def doing_is(w: Chooser) -> Clause:
    verb = w.verb("trans", calm=True)
    inner = Clause(verb=verb, object=w.of_class(verb.options["objects"], calm=True), tense="gerund")
    *predicate, polarity = w.one(tuple(e for e in EVALUATIONS if e[2] in (0, w.mood)))
    w.polarity += polarity
    return Clause("gerund", predicate=tuple(predicate), complement=inner, tense=w.one(("pres", "past")))


# -- feeling, wanting, being able -------------------------------------------------------------------------------------


@pattern(2.5)
def likes(w: Chooser) -> Clause:
    return liking(w, w.noun(f"food drink place vehicle text art event animal {THINGS}", calm=True))


def liking(w: Chooser, thing: NP) -> Clause:
    """Анне нравится чай: somebody likes; to the thing it is pleasant. Not liking is negative."""
    negated = w.mood < 0
    w.polarity += -1 if negated else 1
    tense = w.one(("pres", "past"))
    return Clause("like", subject=w.person(), verb=word("like"), object=thing, tense=tense, negated=negated)


@pattern(2)
def wants(w: Chooser) -> Clause:
    return with_infinitive(w, "want", w.one(("pres", "past", "pres")))


@pattern(1.5)
def loves_to(w: Chooser) -> Clause:
    """Бабушка любит печь пироги: печь is also a stove."""
    verb = word(w.one(("bake", "bake", "cook", "read", "watch", "photograph", "feed", "study")))
    w.count(verb)
    subject = w.person()
    w.polarity += 1
    inner = Clause(subject=subject, elided=True, verb=verb, object=w.of_class(verb.options["objects"], calm=True))
    inner.tense, inner.aspect = "inf", "Imp"
    return Clause(subject=subject, verb=word("love"), complement=inner, tense=w.one(("pres", "past")))


@pattern(1.5)
def begins(w: Chooser) -> Clause:
    return with_infinitive(w, "begin", w.one(("past", "fut")))


def with_infinitive(w: Chooser, frame: str, tense: str) -> Clause:
    verb = w.verb(frame)
    inner = event(w, "gerund" if "ing" in verb.options else "inf", subject=w.person())
    inner.aspect = "Imp" if frame == "begin" or "imp" in verb.options else inner.aspect
    subject, inner.elided = inner.subject, True
    aspect = "" if frame == "begin" or verb.en.lemma in ("decide", "refuse", "try") else "Imp"
    return Clause(subject=subject, verb=verb, complement=inner, tense=tense, aspect=aspect)


@pattern(1.5)
def can(w: Chooser) -> Clause:
    return event(w, "can")


@pattern(1.5)
def must(w: Chooser) -> Clause:
    c = event(w, "must")
    if time := w.chance(0.3) and w.time("fut"):
        c.mods.append(time)
    return c


@pattern(1)
def cannot(w: Chooser) -> Clause:
    c = event(w, "can", calm=True)
    c.negated = True
    return c


# -- questions and commands -------------------------------------------------------------------------------------------


@pattern(2)
def yes_no_question(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "pres", "fut", "perf", "prog")))
    c.question, c.ending = True, "?"
    return c


@pattern(1.5)
def who_question(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "past", "pres", "fut")), subject=NP(Pronoun(kind="who")))
    c.question, c.ending = True, "?"
    return c


@pattern(1.5)
def what_question(w: Chooser) -> Clause:
    verb = w.verb("trans", fits=plain_object)
    c = Clause(subject=w.person(), verb=verb, object=NP(Pronoun(kind="what")), tense=w.one(("past", "pres", "fut")))
    c.question, c.ending = True, "?"
    c.mods = [w.somewhere()] if w.chance(0.7) else []
    return c


@pattern(2)
def wh_question(w: Chooser) -> Clause:
    wh = w.one(("where", "when", "why"))
    if wh == "where":
        verb = w.verb("place")
        c = Clause(subject=w.subject(verb), verb=verb, tense=w.one(("past", "pres", "fut")), aspect="Imp")
        if w.chance(0.4):
            c.mods.append(Mod("with", w.somebody()))
    else:
        c = event(w, w.one(("past", "past", "fut")))
    c.wh, c.question, c.ending = wh, True, "?"
    return c


@pattern(1)
def vocative_question(w: Chooser) -> Clause:
    c = wh_question(w)
    c.address = NP(w.concept(members("name", "first")))
    c.subject = NP(Pronoun(2, "Sing", c.address.head.options["gender"]))
    return c


@pattern(1)
def where_is(w: Chooser) -> Clause:
    thing = w.noun("thing place.food place.travel =doctor =guide kin text tool", calm=True)
    thing.det = "" if thing.owner else "the"
    return Clause("where", subject=thing, tense=w.one(("pres", "past")), question=True, wh="where", ending="?")


@pattern(2)
def command(w: Chooser) -> Clause:
    c = event(w, "imp", subject=NP(Pronoun(2, w.one(("Sing", "Plur")))))
    c.elided, c.ending = True, w.one((".", "!"))
    c.negated = w.chance(0.25)
    if w.chance(0.3):
        c.address = NP(w.concept(members("name", "first")))
    return c


@pattern(1)
def exclamation(w: Chooser) -> Clause:
    np = w.noun(DESCRIBED, number="Sing", bare=True, calm=True)
    np.det = "a"
    np.adjectives = [w.adjective(np.head)]
    return Clause("what a", predicate=np, ending="!")


# -- passives ---------------------------------------------------------------------------------------------------------


@pattern(2)
def passive(w: Chooser) -> Clause:
    verb = w.verb("trans", fits=can_be_passive)
    c = Clause(
        "passive", subject=w.of_class(verb.options["objects"]), verb=verb, tense=w.one(("past", "past", "fut", "pres"))
    )
    if w.chance(0.6):
        c.recipient = w.somebody()
    if c.tense != "pres" and w.chance(0.5):
        c.mods.append(w.time(c.tense))
    return c


# -- more than one clause ---------------------------------------------------------------------------------------------


@pattern(1.5)
def who_did(w: Chooser) -> Clause:
    """The boy, who lives in Paris, reads a book."""
    head = w.noun("person", bare=True)
    head.det = "the" if w.chance(0.7) else "this"
    head.relative = event(w, w.one(("past", "pres", "pres")), subject=NP(Pronoun(kind="which"), antecedent=head))
    return event(w, w.one(("past", "pres", "fut")), subject=head)


@pattern(1.5)
def which_somebody_did(w: Chooser) -> Clause:
    """The book, which Anna read, was interesting."""
    verb = w.verb("trans", fits=plain_object)
    head = w.of_class(verb.options["objects"], calm=True)
    head.det, head.owner = "the", None
    head.relative = Clause(
        subject=w.person(), verb=verb, object=NP(Pronoun(kind="which"), antecedent=head), tense="past"
    )
    if adjective := w.adjective(head.head):
        return Clause("be", subject=head, predicate=adjective, tense="past")
    return Clause(subject=w.person(), verb=word("understand"), object=head, tense="past")


@pattern(2)
def thinks_that(w: Chooser) -> Clause:
    verb = w.concept(members("verb", "think say"))
    tense = w.one(("past", "pres"))
    inner = event(w, w.one(("past", "pres", "fut") if tense == "pres" else ("past", "pastprog")))
    return Clause(
        subject=w.person(),
        verb=verb,
        complement=inner,
        tense=tense,
    )


@pattern(1.5)
def when_this_that(w: Chooser) -> Clause:
    main, other = event(w, "past"), event(w, "past")
    return Clause("complex", complement=main, other=other, joint="when", order=w.one(("", "other first")))


@pattern(1)
def while_this_that(w: Chooser) -> Clause:
    main, other = event(w, "pastprog"), event(w, "pastprog")
    return Clause("complex", complement=main, other=other, joint="while", order=w.one(("", "other first")))


@pattern(1.5)
def because(w: Chooser) -> Clause:
    main = event(w, "past")
    other = described(w) if w.chance(0.5) else event(w, "past")
    other.tense = "past"
    return Clause("complex", complement=main, other=other, joint="because")


@pattern(1)
def if_then(w: Chooser) -> Clause:
    other = event(w, "condition")
    main = event(w, "fut")
    return Clause("complex", complement=main, other=other, joint="if", order=w.one(("", "other first")))


@pattern(1)
def although(w: Chooser) -> Clause:
    main, other = event(w, "past"), event(w, "past", calm=True)
    other.negated = True
    return Clause("complex", complement=main, other=other, joint="although", order=w.one(("", "other first")))


@pattern(1.5)
def does_and_does(w: Chooser) -> Clause:
    tense = w.one(("past", "pres", "fut"))
    main = event(w, tense)
    other = event(w, tense, subject=main.subject)
    other.elided = True
    return Clause("complex", complement=main, other=other, joint="and")


@pattern(1.5)
def but(w: Chooser) -> Clause:
    tense = w.one(("past", "pres"))
    main, other = event(w, tense), event(w, tense, calm=True)
    other.negated = True
    return Clause("complex", complement=main, other=other, joint="but")


@pattern(1.5)
def both(w: Chooser) -> Clause:
    first = w.somebody()
    first.also = w.somebody()
    return event(w, subject=first)


@pattern(1.5)
def quotation(w: Chooser) -> Clause:
    c = likes(w) if w.chance(0.4) else event(w)
    speaker = w.somebody()
    gender = speaker.head.options.get("gender") or speaker.head.ru.gender
    c.subject = NP(Pronoun(1, speaker.number, gender))
    verb = w.count(w.one((word("say"), word("answer", "say"), word("think"))))
    c.ending = w.one((".", ".", "!"))
    return Clause("quote", subject=speaker, verb=verb, complement=c, tense="past")


# -- counting ---------------------------------------------------------------------------------------------------------


@pattern(2)
def counted_object(w: Chooser) -> Clause:
    verb = w.count(w.one((word("buy"), word("sell"), word("see"), word("find"), word("lose", "trans"), word("bring"))))
    np = counted(w, "thing furniture =apple =egg =pie =book =letter =ticket =rose =flower =pear =lemon")
    return Clause(subject=w.person(), verb=verb, object=np, tense=w.one(("past", "fut", "perf")))


@pattern(1.5)
def counted_subject(w: Chooser) -> Clause:
    np = counted(w, "person animal")
    return event(w, w.one(("past", "pres", "fut")), subject=np)


def counted(w: Chooser, spec: str) -> NP:
    candidates = tuple(c for c in members("noun", spec) if c.en.plural and len(c.ru.numbers) == 2)
    return NP(w.concept(candidates), "Plur", count=2 + int(w.rng.random() * 11))


# -- names, and the regularities that vectors are to find -------------------------------------------------------------


@cache
def of_country(kind: str, country: Concept) -> Concept:
    """The capital, sight or people of a country."""
    return next(c for c in lexicon() if c.klass == kind and c.options.get("country") == country.options["country"])


@pattern(3)
def capital_of(w: Chooser) -> Clause:
    country = w.name("country")
    capital = NP(of_country("capital", country.head))
    noun = NP(next(c for c in members("noun", "=capital")), det="the", of=country)
    if w.chance(0.5):
        return Clause("be", subject=capital, predicate=noun, tense="pres")
    capital.apposition = noun
    c = event(w, w.one(("past", "pres", "fut")))
    c.mods = [Mod("at", capital)]
    c.verb, c.object, c.aspect = w.verb("place.work place.travel"), None, "Imp"
    return c


@pattern(4)
def country_facts(w: Chooser) -> Clause:
    """A country, its capital, its people and its sight: they share contexts with one another only."""
    country = w.concept(members("name", "country"))
    capital, sight = NP(of_country("capital", country)), NP(of_country("sight", country))
    people = members("noun", "person.work person.science person.culture person.travel")
    person = NP(w.concept(people), det="a", adjectives=[of_country("nationality", country)])
    c = Clause(
        subject=person, tense=w.one(("past", "pres")), mods=[Mod("at", NP(country) if w.chance(0.5) else capital)]
    )
    if w.chance(0.5):
        c.verb = word(w.one(("live", "work", "rest")))
        c.aspect = "Imp"
    else:
        c.verb, c.object = w.count(w.one((word("see"), word("photograph"), word("love"), word("admire")))), sight
    if c.tense == "past" and w.chance(0.6):
        c.front = w.time("past")
    return c


@pattern(1.5)
def likes_country(w: Chooser) -> Clause:
    """Анне нравится Франция: the name in the nominative."""
    return liking(w, w.name("country capital sight"))


@pattern(4)
def nation_does(w: Chooser) -> Clause:
    """France praises a French film; Paris too."""
    country = w.concept(members("name", "country"))
    subject = NP(country) if w.chance(0.5) else NP(of_country("capital", country))
    verb = w.concept(tuple(word(lemma) for lemma in ("praise", "discuss", "buy", "sell", "love", "criticise")))
    thing = w.noun("food drink text.culture art", calm=True)
    thing.owner, thing.adjectives = None, [of_country("nationality", country)]
    return Clause(subject=subject, verb=verb, object=thing, tense=w.one(("past", "pres", "fut")))


@pattern(1)
def is_a_country(w: Chooser) -> Clause:
    """France is a beautiful country."""
    country = w.name("country")
    noun = w.phrase(next(iter(members("noun", "=country"))), number="Sing", bare=True, calm=True)
    noun.det, noun.adjectives = "a", [w.adjective(noun.head)]
    return Clause("be", subject=country, predicate=noun, tense="pres")


@pattern(2)
def lies_in(w: Chooser) -> Clause:
    """Paris lies in France."""
    country = w.name("country")
    what = NP(of_country(w.one(("capital", "sight")), country.head))
    return Clause(subject=what, verb=word("lie", "situated"), mods=[Mod("at", country)], tense="pres")


COUPLES = (
    ("man", "woman", "=house =car =shop =street"),
    ("king", "queen", "=palace =castle =gold =country"),
    ("prince", "princess", "=castle =horse =garden"),
    ("actor", "actress", "=theatre =play =film"),
    ("waiter", "waitress", "=restaurant =cafe =cup =plate"),
    ("hero", "heroine", "=novel =fairytale =medal"),
    ("father", "mother", "=kitchen =flat"),
    ("brother", "sister", "=school =yard"),
    ("son", "daughter", "=lesson =textbook"),
    ("husband", "wife", "=wedding =flat =sofa"),
    ("uncle", "aunt", "=village =hamlet"),
    ("nephew", "niece", "=toy =park"),
    ("grandfather", "grandmother", "=garden =stove =armchair"),
    ("grandson", "granddaughter", "=toy =fairytale"),
    ("boy", "girl", "=ball =school =bicycle"),
)


@pattern(4)
def man_or_woman(w: Chooser) -> Clause:
    """The queen loves her palace: each pair has surroundings of its own, each sex its pronouns."""
    man, woman, things = w.one(COUPLES)
    lemma = woman if w.chance(0.5) else man
    subject = NP(next(c for c in members("noun", f"={lemma}")), det="the")
    thing = NP(w.concept(members("noun", things)), owner=subject, own=True)
    verb = w.count(w.one((word("love"), word("see"), word("remember"), word("find"), word("draw"))))
    c = Clause(subject=subject, verb=verb, object=thing, tense=w.one(("past", "pres", "fut")))
    w.count(subject.head)
    return c


@pattern(1)
def couple(w: Chooser) -> Clause:
    """The king and the queen lived in Paris."""
    man, woman, _ = w.one(COUPLES)
    first, second = (NP(w.count(next(iter(members("noun", f"={lemma}")))), det="the") for lemma in (man, woman))
    first.also = second
    return event(w, w.one(("past", "pres", "fut")), subject=first)


@pattern(2)
def of_somebody(w: Chooser) -> Clause:
    """Anna's brother works in London."""
    kin = NP(w.concept(members("noun", "kin")), owner=w.named_person())
    return event(w, w.one(("past", "pres", "fut")), subject=kin)


@pattern(2)
def works_at(w: Chooser) -> Clause:
    organisation = w.name("company institute")
    organisation.label = organisation.head.klass == "company" and w.chance(0.5)
    c = Clause(
        subject=w.named_person(),
        verb=word("work"),
        mods=[Mod("at", organisation)],
        tense=w.one(("past", "pres", "fut")),
        aspect="Imp",
    )
    if time := w.chance(0.3) and w.time(c.tense):
        c.front = time
    return c


@pattern(2)
def company_news(w: Chooser) -> Clause:
    verb = w.count(w.one((word("build"), word("open"), word("buy"), word("sell"), word("close"))))
    thing = w.noun("=factory =hotel =shop =bank =restaurant =laboratory =office =warehouse")
    subject = w.name("company")
    subject.label = w.chance(0.4)
    return Clause(
        subject=subject,
        verb=verb,
        object=thing,
        mods=[Mod("at", w.name("capital country"))],
        tense=w.one(("past", "fut")),
    )


@pattern(1.5)
def team_news(w: Chooser) -> Clause:
    subject = w.name("team")
    subject.label = w.chance(0.5)
    verb = w.concept(tuple(c for c in (word("win"), word("miss"))))
    c = Clause(
        subject=subject, verb=verb, object=w.noun("=match =game =race", number="Sing"), tense=w.one(("past", "fut"))
    )
    c.mods = [Mod("at", w.name("capital country"))] if w.chance(0.6) else [w.time(c.tense)]
    return c


# -- the same form as noun and as verb --------------------------------------------------------------------------------


@pattern(2)
def became(w: Chooser) -> Clause:
    """Они стали врачами (became; стали is also "of steel")."""
    first = w.somebody()
    first.also = w.somebody()
    noun = w.concept(members("noun", "person.work person.sport person.culture"), calm=True)
    return Clause("become", subject=first, verb=word("become"), predicate=NP(noun, "Plur"), tense="past")


@pattern(1)
def made_of_material(w: Chooser) -> Clause:
    """Цена стали, стекло: materials in the genitive and the nominative."""
    material = w.noun("material", bare=True, calm=True)
    material.det, material.adjectives = "", []
    noun = NP(next(iter(members("noun", w.one(("=price", "=quality", "=colour"))))), det="the", of=material)
    verb = w.count(w.one((word("discuss"), word("check"), word("study"))))
    return Clause(subject=w.person(), verb=verb, object=noun, tense=w.one(("past", "pres", "fut")))


@pattern(1)
def flowed_down(w: Chooser) -> Clause:
    """Молоко стекло на стол: стекло as a verb."""
    liquid = w.noun("=milk =water =wine =beer =butter =honey =juice", calm=True)
    return Clause(
        subject=liquid,
        verb=word("flow"),
        tense="past",
        mods=[Mod("onto", w.noun("=table =carpet =chair =book =newspaper", number="Sing"))],
    )


@pattern(1)
def sun_and_moon(w: Chooser) -> Clause:
    """The sun set behind the forest (солнце село; село is also a village). The sun rose (rose is also a flower)."""
    sun = NP(w.count(next(iter(members("noun", "=sun")))), det="the")
    verb = w.one((word("set"), word("rise"), word("shine")))
    place = w.noun("=forest =lake =mountain =river =sea =field =castle =village", number="Sing", calm=True)
    mod = Mod("behind", place) if verb.en.lemma == "set" else Mod("over", place)
    return Clause(
        subject=sun, verb=verb, mods=[mod], tense="past" if verb.en.lemma != "shine" else w.one(("past", "pres"))
    )


@pattern(1)
def the_nobility(w: Chooser) -> Clause:
    """Знать любит охоту: знать as a noun."""
    subject = w.noun("nobility", bare=True)
    subject.det = "the"
    return event(w, w.one(("past", "pres")), subject=subject)


@pattern(1)
def wants_to_know(w: Chooser) -> Clause:
    """Анна хочет знать, почему ...: знать as a verb."""
    subject = w.person()
    inner = Clause(
        subject=subject, elided=True, verb=word("know"), tense="inf", complement=event(w, w.one(("past", "pres")))
    )
    inner.complement.wh = w.one(("why", "when"))
    return Clause(subject=subject, verb=word("want"), complement=inner, tense=w.one(("pres", "past")), aspect="Imp")


@pattern(1)
def washes(w: Chooser) -> Clause:
    """Мой окно! Я мою окно: мой and мою are also "my"."""
    verb = w.count(word("wash"))
    thing = w.of_class(verb.options["objects"])
    if w.chance(0.5):
        you = NP(Pronoun(2, "Sing", w.one(("Masc", "Fem"))))
        return Clause(subject=you, elided=True, verb=verb, object=thing, tense="imp", aspect="Imp", ending=w.one(".!"))
    return Clause(subject=NP(Pronoun(1, "Sing")), verb=verb, object=thing, tense=w.one(("pres", "prog")))


@pattern(1)
def was_drinking(w: Chooser) -> Clause:
    """Анна пила чай (was drinking); пила is also a saw."""
    c = Clause(subject=w.named_person(), verb=w.count(word("drink")), object=w.noun("drink"), tense="pastprog")
    if w.chance(0.6):
        c.mods.append(w.somewhere())
    return c


@pattern(1)
def growing(w: Chooser) -> Clause:
    place = w.noun("place.nature =garden =yard =street", number="Sing", calm=True)
    c = Clause(
        subject=w.noun("=tree =rose =flower =grass =oak =birch =maple =plant"),
        verb=word("grow"),
        tense=w.one(("pres", "past")),
        aspect="Imp",
        front=Mod("at", place),
    )
    c.order = "verb first"
    return c


@pattern(1)
def begins_on(w: Chooser) -> Clause:
    event_np = w.noun("event", number="Sing")
    if not event_np.owner:
        event_np.det = "the"
    tense = w.one(("past", "fut"))
    return Clause(subject=event_np, verb=word(w.one(("begin", "end")), "special"), tense=tense, mods=[w.time(tense)])
