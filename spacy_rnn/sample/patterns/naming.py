"""Patterns of names, and the regularities that vectors are to find: capital and country, man and woman."""

from functools import cache

from ..abstract import NP, Clause, Mod
from ..choose import Chooser
from ..draw import members
from ..lexicon import Concept, lexicon
from .building import event, liking, word
from .registry import pattern


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
    return liking(w, w.name("country capital sight"), negated=False)


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
    kind = members("adjective", "=beautiful =big =famous =old =modern")
    noun.det, noun.adjectives = "a", [w.count(w.one(kind))]
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
