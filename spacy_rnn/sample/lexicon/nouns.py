"""Nouns of the sample world: ``english | russian | flags`` under a header ``[class topic]``.

Marks inside words are morpheme boundaries (see ``marks``), the Russian flags inflection (see ``inflect_ru``). The
third column: ``+`` or ``-`` polarity, ``!`` held out (occurs in test only), ``at on in`` the English and ``на`` the
Russian preposition of place (default: in, в).
"""

NOUNS = """
[person work]
teach^er | учи^тель m np=учи^теля
doctor | врач *
engin^eer | инженер
work^er | рабочий m adj
direct^or | директор np=директора
driv^er | води^тель m
manag^er | менеджер
law^yer | юрист
journal^ist | журнал^ист
build^er | стро^и^тель m
mach^in^ist | машин^ист | !
translat^or | пере~вод^чик | !
[person science]
scient^ist | уч^ёный m adj
student | студент
profess^or | профессор np=профессора
physic^ist | физ^ик
chem^ist | хим^ик
research^er | ис~след^ова^тель m
astronom^er | астроном | !
[group sport]
team | команда
[person sport]
coach | тренер
play^er | игр^ок *
runn^er | бег^ун *
champion | чемпион | +
swimm^er | плов^ец * obl=плов^ц
football^er | футбол^ист
ski^er | лыж^ник | !
[person culture]
actor | актёр
actr^ess | актр^ис^а
king | король m *
queen | корол^ев^а
prince | принц
princ^ess | принц^есс^а
sing^er | пев^ец * obl=пев^ц
writ^er | пис^а^тель m
poet | поэт
art^ist | худож^ник
music^ian | музык^ант
hero/heroes | герой | +
hero^ine | геро^ин^я gp=геро^инь | +
super~hero/super~heroes | супер~герой | !
compos^er | композ^итор | !
[person food]
cook | повар np=повара
waiter | официант
waitr^ess | официант^к^а gp=официант^ок
bak^er | пек^арь m
farm^er | фермер
guest | гость m
vegetar^ian | вегетар^иан^ец obl=вегетар^иан^ц | !
[person travel]
tour^ist | тур^ист
guide | гид
pilot | пилот
passeng^er | пассажир
captain | капитан
travell^er | пут+е+шеств^ен^ник
sail^or | моряк * | !
[kin family]
mother | мать f obl=мат^ер | one
father | отец * obl=отц | one
brother | брат np=брат^ья gp=брат^ьев
sister | сестра np=сёстры gp=сестёр
son | сын np=сын^овья gp=сын^ов^ей
daughter | дочь f obl=доч^ер ip=доч^ер^ьми
husband | муж np=муж^ья gp=мужей | one
wife/wives | жена np=жёны | one
uncle | дядя m gp=дядей
aunt | тётя gp=тёть
grand+father | дед^ушк^а m gp=дед^уш^ек
grand+mother | баб^ушк^а gp=баб^уш^ек
nephew | племян^ник
niece | племян^ниц^а
grand+son | внук
grand+daughter | внуч^к^а gp=внуч^ек
god+father | крёст^ный m adj | !
[person family]
man/men | муж^чин^а m zero
woman/women | жен^щин^а
boy | мальч^ик
girl | дев^очк^а gp=дев^оч^ек
child/children | реб^ёнок obl=реб^ёнк np=дети gp=детей ip=детьми
neighbour | сосед np=соседи gp=соседей
friend | друг np=друзья gp=друзей | +
enemy | враг * | -
thief/thieves | вор | -
tramp | бродяга m zero | !
[person nature]
hunt^er | охот^ник
fish+er+man/fish+er+men | рыб^ак *
forest^er | лес^ник *
garden^er | сад^ов^ник
shepherd | пастух * | !
[animal nature]
dog | собака
cat | кошка gp=кошек
horse | лошадь f ip=лошадьми
bird | птица
wolf/wolves | волк
fox | лиса np=лисы
bear | медведь m
cow | корова np=коровы
mouse/mice | мышь f
hare | заяц obl=зайц
eagle | орёл * obl=орл
elephant | слон *
duck | утка gp=уток
goat | коза np=козы
tiger | тигр
squirrel | белка gp=белок | !
hedge+hog | ёж * obl=еж | !
goose/geese | гусь m | !
[food food]
bread/- | хлеб
soup | суп np=супы
meat/- | мясо
cheese | сыр np=сыры
apple | яблоко np=яблоки
pie | пирог *
cake | торт
egg | яйцо * gp=яиц
salad | салат
porridge/- | каша
butter/- | масло
rice/- | рис
fish/fish | рыба
sausage | колбаса np=колбасы
tomato/tomatoes | помидор
cucumber | огурец * obl=огурц
orange | апельсин
lemon | лимон
honey/- | мёд
sandwich | бутерброд
pear | груша
pancake | блин *
cabbage/- | капуста | !
plum | слива | !
pumpkin | тыква | !
[drink food]
tea/- | чай
coffee/- | кофе m indecl
milk/- | молоко *
water/- | вода
juice/- | сок
wine/- | вино np=вина
lemon^ade/- | лимон^ад
beer/- | пиво
drink | на~пит^ок obl=на~пит^к
cocoa/- | какао n indecl | !
[place food]
restaurant | ресторан | at
cafe | кафе n indecl
kitchen | кух^н^я gp=кух^онь | на
market | рынок obl=рынк | at на
bak^ery | пек^ар^н^я gp=пек^ар^ен
can^teen | стол^овый f adj | !
[place travel]
hotel | отель m
station | вокзал | at на
airport | аэро+порт l2=у | at
city | город np=города
street | улица | на
beach | пляж | on на
island | остров np=острова | on на
port | порт l2=у
bridge | мост l2=у np=мосты | on на
village | деревня gp=деревень
town | город^ок * obl=город^к
square | площадь f | на
road | дорога | on на
country | страна np=страны
light+house | маяк * | on на !
[place work]
office | офис
factory | завод | at на
bank | банк
shop | магазин
hospital | больница
ware+house | склад | на
work+shop | мастер^ской f adj | !
[place science]
university | университет | at
laboratory | лаборатор^и^я
library | библиотека
school | школа | at
institute | институт | at
observatory | обсерватор^и^я | !
[place sport]
stadium | стадион | at на
gym | спорт+зал
pool | бассейн
ring | ринг | on на
rink | каток * obl=катк | on на !
[place culture]
theatre | театр
cinema | кино+театр
palace | дворец * obl=дворц
gallery | галерея
castle | замок obl=замк
museum | музей
temple | храм
circus | цирк | !
[place family]
house | дом np=дома
room | комната
garden | сад l2=у np=сады
flat | квартира
yard | двор *
cellar | подвал | !
[place nature]
forest | лес l2=у np=леса
hamlet | село np=сёла
field | поле
lake | озеро np=озёра | at на
river | река np=реки | at на
park | парк
sea | море | at на
desert | пустын^я
mountain | гора np=горы | on на
meadow | луг l2=у np=луга | on на !
water+fall | вод+о+пад | at на !
[vehicle travel]
train | поезд np=поезда
bus | автобус
car | машина
plane | само+лёт
ship | корабль m *
boat | лод^к^а gp=лод^ок
bicycle | велосипед
taxi | такси n indecl
tram | трамвай
motor+cycle | мотоцикл
heli~copter | вертолёт
mini~bus | микро~автобус | !
steam+ship | пар+о+ход | !
[text culture]
book | книга
letter | письмо np=письма gp=писем
news+paper | газета
story | рас~сказ
poem | стих+о+твор^ени^е
novel | роман
magazine | журнал
fairy+tale | сказ^к^а gp=сказ^ок
diary | дневник * | !
[text science]
article | статья * gp=статей
text+book | учеб^ник
report | доклад
dictionary | словарь m *
encyclopedia | энциклопед^и^я | !
[text work]
contract | договор
plan | план
document | документ
list | список obl=списк
telegram | теле+грамма | !
[art culture]
song | песня gp=песен
film | фильм
picture | картина
play | пьеса
opera | опера
melody | мелод^и^я
music/- | музыка
dance | танец obl=танц
performance | спектакль m
ballet | балет | !
[furniture family]
table | стол *
chair | стул np=стул^ья gp=стул^ьев
lamp | лампа
mirror | зеркало np=зеркала
carpet | ковёр * obl=ковр
bed | кровать f
stove | печь f
shelf/shelves | пол^к^а gp=пол^ок
sofa | диван
cupboard | шкаф l2=у np=шкафы
arm+chair | кресло gp=кресел | !
[thing family]
window | окно np=окна gp=окон
door | дверь f
key | ключ *
clock | часы pl gp=часов
toy | игр^уш^к^а gp=игр^уш^ек
cup | чаш^к^а gp=чаш^ек
plate | тарелка gp=тарелок
glass | стакан
gift | подарок obl=подарк | +
soap/- | мыло
candle | свеча * np=свечи gp=свечей
box | короб^к^а gp=короб^ок
umbrella | зонт *
tea+pot | чай^ник | !
pillow | подушка gp=подушек | !
[thing work]
computer | компьютер
phone | телефон
machine | станок * obl=станк
money/- | деньги pl gp=денег
keyboard | клавиатура | !
[thing sport]
ball | мяч *
medal | медаль f | +
racket | ракет^к^а gp=ракет^ок
regatta | регата | !
skate | конёк * obl=коньк np=коньки | !
[thing travel]
suit+case | чемодан
ticket | билет
map | карта
passport | паспорт np=паспорта
bag | сумка gp=сумок
camera | камера
back+pack | рюкзак * | !
[thing science]
micro~scope | микро~скоп
tele~scope | теле~скоп
device | при~бор
magnet | магнит
flask | колба | !
[tool work]
knife/knives | нож *
saw | пил^а np=пил^ы
hammer | молоток * obl=молотк
brush | кисть f
pencil | карандаш *
pen | ручка gp=ручек
axe | топор *
chisel | долото np=долота | !
[event sport]
match | матч
race | гонка gp=гонок
game | игра np=игры
competition | со~ревн^ова^ни^е
train^ing | трен^иров^к^а gp=трен^иров^ок
champion^ship | чемпионат | !
[event work]
meet^ing | со~бра^ни^е
work/- | работа
strike | за~бастов^к^а gp=за~бастов^ок | -
[event culture]
concert | концерт
exhibition | вы~став^к^а gp=вы~став^ок
festival | фестиваль m | +
pre~miere | премьера
carnival | карнавал | !
[event science]
experiment | эксперимент
lecture | лекц^и^я
conference | конференц^и^я
lesson | урок
exam | экзамен
seminar | семинар | !
[event travel]
trip | по~езд^к^а gp=по~езд^ок
journey | пут+е+шеств^и^е
flight | рейс
excursion | экскурс^и^я
cruise | круиз | !
[event food]
dinner | ужин
breakfast | завтрак
lunch | обед
[event family]
wedd^ing | свадьба gp=свадеб | +
holi+day | праздник | +
visit | визит
quarrel | ссора | -
[unit family]
year | год gp=лет
[measure work]
price | цена
quality | качество
colour | цвет np=цвета
[measure travel]
capital | стол^ица
[nobility culture]
nobility/- | зна^ть f
[idea science]
theory | теор^и^я
problem | проблема | -
discovery | от~крыт^и^е | +
law | закон
method | метод
question | во~прос
answer | от~вет
idea | идея
hypo~thesis/hypo~theses | гипо~теза | !
[idea work]
project | про~ект
task | за~дани^е
success | успех | +
mis~take | ошиб^к^а gp=ошиб^ок | -
salary | зар~плата
failure | не~удача | -
[idea family]
help/- | по~мощь f | +
noise/- | шум | -
[event nature]
walk | про~гул^к^а gp=про~гул^ок
[material work]
steel/- | сталь f
glass/- | стекло np=стёкла gp=стёкол
gold/- | золото
iron/- | железо
copper/- | медь f | !
[plant nature]
plant | раст^ени^е
tree | дерево np=дерев^ья gp=дерев^ьев
flower | цвет^ок * obl=цвет^к np=цветы
grass/- | трава np=травы
rose | роза
oak | дуб np=дубы
birch | берёза
leaf/leaves | лист np=лист^ья gp=лист^ьев
maple | клён | !
[weather nature]
rain | дождь m *
snow/- | снег
wind | ветер obl=ветр
storm | буря gp=бурь | -
sun | солнце
fog | туман
hail/- | град | !
"""
