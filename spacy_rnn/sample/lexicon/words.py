"""Adjectives, adverbs and small words of the sample world: ``english | russian | flags``.

An adjective's header lists the noun classes it describes. Flags: ``+ -`` polarity, ``!`` held out.
"""

ADJECTIVES = """
[person kin animal place vehicle furniture thing tool plant]
old | старый comp=старше
[place vehicle text art furniture thing tool]
new | новый
[animal place vehicle furniture thing tool plant]
big/bigger/biggest | больш^ой comp=больше
small | маленький comp=меньше
[person animal place vehicle text art furniture thing tool event idea]
good/better/best | хорош^ий comp=лучше | +
bad/worse/worst | плох^ой comp=хуже | -
[animal place furniture thing plant art]
beauti^ful/more | крас^ив^ый | +
ugly | не~крас^ив^ый | - !
[person.culture person.science person.sport place text art]
famous/more | из~вест^н^ый | +
[place vehicle text event]
ordin^ary/more | об~ыч^н^ый
[food drink]
dis~gust^ing/more | от~врат^и^тельн^ый | - !
[person kin]
young | молодой comp=моложе
kind | добр^ый | +
clever | умный | +
brave | с~мел^ый | +
lazy | лен^ив^ый | -
angry | зл^ой comp=злее | -
happy | с~част^лив^ый | +
sad | груст^н^ый | -
tall | высокий comp=выше
strong | силь^н^ый
honest/more | чест^н^ый | +
rude | груб^ый | -
polite/more | вежл^ив^ый | +
tired/more | у~ста^л^ый
greedy | жад^н^ый | - !
un~happy | не~с~част^н^ый | - !
talent^ed/more | талант^лив^ый | +
wise | мудр^ый | + !
[animal]
wild | дик^ий comp=диче
hungry | голод^н^ый
quiet | тих^ий comp=тише
friend^ly | друж^е^люб^н^ый | + !
[food]
tasty | вкус^н^ый | +
fresh | свеж^ий | +
cold | холод^н^ый
hot | горяч^ий
sweet | слад^к^ий comp=слаще
salt^y | сол^ён^ый
taste^less/more | без~вкус^н^ый | -
rotten/more | гнил^ой | - !
[drink]
cold | холод^н^ый
hot | горяч^ий
strong | креп^к^ий comp=крепче
bitter/more | горьк^ий comp=горче | -
[place.work place.food place.science place.culture place.sport place.travel]
modern/more | со~времен^н^ый
cosy | у~ют^н^ый | +
dirty | гряз^н^ый | -
expens^ive/more | дорог^ой comp=дороже
cheap | дешёв^ый comp=дешевле
empty | пуст^ой
noisy | шум^н^ый | -
clean | чист^ый comp=чище | +
spacious/more | про~стор^н^ый | + !
[place.nature]
deep | глуб^ок^ий comp=глубже
green | зелён^ый comp=зелен^ее
quiet | тих^ий comp=тише
dangerous/more | опас^н^ый | -
wide | широк^ий comp=шире
[vehicle]
fast | быстр^ый
slow | медлен^н^ый | -
comfort^able/more | у~доб^н^ый | +
red | крас^н^ый
expens^ive/more | дорог^ой comp=дороже
broken/more | сломан^н^ый | -
[text art]
interest^ing/more | интерес^н^ый | +
bor^ing/more | скуч^н^ый | -
long | длин^н^ый
short | корот^к^ий comp=короче
funny | с~меш^н^ой | +
sad | груст^н^ый | -
strange | стран^н^ый
un~interest^ing/more | не~интерес^н^ый | - !
[furniture thing tool]
heavy | тяжёл^ый comp=тяжел^ее
light | лёг^к^ий comp=легче
white | бел^ый
black | чёр^н^ый comp=чер^н^ее
red | крас^н^ый
blue | син^ий
cheap | дешёв^ый comp=дешевле
use^ful/more | по~лез^н^ый | +
use^less/more | бес~по~лез^н^ый | -
yellow | жёлт^ый comp=желт^ее | !
[furniture tool]
wooden/more | дерев^ян^н^ый
[event]
important/more | важ^н^ый
long | длин^н^ый
interest^ing/more | интерес^н^ый | +
difficult/more | труд^н^ый
terr^ible/more | ужас^н^ый | -
wonder^ful/more | чудес^н^ый | +
suc~cess^ful/more | у~спеш^н^ый | +
un~suc~cess^ful/more | не~у~спеш^н^ый | - !
[idea.science idea.work]
important/more | важ^н^ый
difficult/more | труд^н^ый
simple | прост^ой comp=проще
serious/more | серьёз^н^ый
great | велик^ий comp=больше | +
stupid/more | глуп^ый | -
[plant]
tall | высок^ий comp=выше
green | зелён^ый comp=зелен^ее
young | молод^ой comp=моложе
white | бел^ый
[material]
hard | твёрд^ый comp=твёрже
expens^ive/more | дорог^ой comp=дороже
transparent/more | про~зрач^н^ый | !
[weather]
strong | силь^н^ый
warm | тёпл^ый comp=тепл^ее | +
cold | холод^н^ый
[group nobility]
strong | силь^н^ый
rich | богат^ый comp=богаче
famous/more | из~вест^н^ый | +
"""

MANNER = """
quick^ly | быстр^о
slow^ly | медлен^н^о
well | хорош^о | +
bad^ly | плох^о | -
quiet^ly | тих^о
happi^ly | ра^дост^н^о | +
care^ful^ly | о~сторож^н^о
sad^ly | груст^н^о | -
sudden^ly | не~о~жидан^н^о
excellent^ly | от~лич^н^о | + !
care^less^ly | не~бреж^н^о | - !
"""

FREQUENCY = """
often | част^о
always | всегда
usual^ly | обыч^н^о
sometimes | иногда
rare^ly | ред^к^о
"""

WHEN = """
[past]
yester+day | вчера
recent^ly | не~дав^н^о
[fut]
tomorrow | завтра
soon | скор^о
[prog]
now | сейчас
[perf]
already | уже
"""

WEEKDAYS = (
    "Mon+day | по~недель^ник ; Tues+day | втор^ник ; Wednes+day | сред|у ; Thurs+day | четв^ерг ; Fri+day | пятниц|у"
)
WEEKDAYS += " ; Satur+day | суббот|у ; Sun+day | воскресень|е"

# English and Russian preposition, the case it governs
PREPOSITIONS = {
    "with": ("with", "с", "Ins"),
    "without": ("without", "без", "Gen"),
    "for": ("for", "для", "Gen"),
    "about": ("about", "о", "Loc"),
    "near": ("near", "около", "Gen"),
    "after": ("after", "после", "Gen"),
    "before": ("before", "перед", "Ins"),
    "under": ("under", "под", "Ins"),
    "behind": ("behind", "за", "Ins"),
    "onto": ("onto", "на", "Acc"),
    "over": ("over", "над", "Ins"),
    "on": ("on", "на", "Loc"),
    "through": ("through", "через", "Acc"),
    "against": ("against", "против", "Gen"),
    "toward": ("toward", "к", "Dat"),
}
