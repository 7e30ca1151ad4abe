"""Verbs of the sample world: ``english | russian imperfective ; perfective | objects | flags`` under a header
``[frame topic]``.

Frames: ``trans`` takes an object, ``give`` also a recipient, ``place`` an activity somewhere, ``move`` goes to or
from a place, ``tool`` is done with a tool, ``say`` and ``think`` take a clause, ``want``, ``begin`` an infinitive.
Objects are noun classes, ``class.topic`` or ``=noun``. Flags: ``+ -`` polarity, ``!`` held out, ``en=`` the English
preposition, ``ru=`` the Russian case or preposition+case of the object, ``subj=`` noun classes of the subject
(default: person). A missing partner of the aspect pair is ``-``.
"""

VERBS = """
[trans food]
eat/ate/eaten | е|сть pres=ем,ешь,ест,ед|им,ед|ите,ед|ят past=ел,ела imp=ешь ; съ~е|сть pres=съ~ем,съ~ешь,съ~ест,съ~ед|им,съ~ед|ите,съ~ед|ят past=съ~ел,съ~ела imp=съ~ешь pp=съ~ед^ен | food | subj=person,kin,animal
drink/drank/drunk | пи|ть p=пью,пьёт imp=пей ; вы~пи|ть p=вы~пью,вы~пьет imp=вы~пей pp=вы~пи^т | drink
cook | гот^ов^и|ть imp=готовь ; при~гот^ов^и|ть imp=при~готовь pp=при~готовл^ен | food
bake | печь p=пеку,печёт past=пёк,пекла imp=пеки ; ис~печь p=ис~пеку,ис~печёт past=ис~пёк,ис~пекла imp=ис~пеки pp=ис~печ^ён | =pie,=bread,=cake,=pancake
fry | жар^и|ть imp=жарь ; по~жар^и|ть imp=по~жарь | =fish,=meat,=sausage,=egg,=pancake
taste | проб^ова|ть ; по~проб^ова|ть | food,drink
order | за~каз^ыва|ть ; за~каз^а|ть p=за~кажу,за~кажет pp=за~каз^ан | food,drink,=lunch,=dinner
serve | по~да^ва|ть p=по~даю,по~даёт imp=по~давай ; по~да|ть pres=по~дам,по~дашь,по~даст,по~дад|им,по~дад|ите,по~дад|ут imp=по~дай | food,drink,=lunch,=dinner
salt | сол^и|ть ; по~сол^и|ть | =soup,=meat,=fish,=porridge,=salad,=tomato
spoil/spoilt/spoilt | порт^и|ть imp=порть p=порчу,портит ; ис~порт^и|ть imp=испорть p=испорчу,испортит pp=испорч^ен | =dinner,=lunch,=soup,=holiday,=pie | -
marinate | марин^ова|ть ; за~марин^ова|ть | =fish,=meat,=tomato,=cucumber | !
[trans culture]
read/read/read | чит^а|ть ; про~чит^а|ть pp=про~чит^ан | text
write/wrote/written | пис^а|ть p=пишу,пишет ; на~пис^а|ть p=на~пишу,на~пишет pp=на~пис^ан | text,=play,=opera,=song
paint | рис^ова|ть ; на~рис^ова|ть pp=на~рис^ова^н | =picture,=flower,=horse,=tree,=castle,=sea
sing/sang/sung | пе|ть p=пою,поёт imp=пой ; с~пе|ть p=с~пою,с~поёт imp=с~пой | =song,=opera,=melody
watch | смотр^е|ть p=смотрю,смотрит ; по~смотр^е|ть p=по~смотрю,по~смотрит | =film,=play,=opera,=performance,=match,=ballet
translate | пере~вод^и|ть p=пере~вожу,пере~водит ; пере~вес|ти p=пере~веду,пере~ведёт past=пере~вёл,пере~вела pp=пере~вед^ён | text
discuss | об~сужд^а|ть ; об~суд^и|ть p=об~сужу,об~судит pp=об~сужд^ен | text,idea,art
criticise | крит^ик^ова|ть ; рас~крит^ик^ова|ть | text.culture,art,idea,person.work | -
praise | хвал^и|ть ; по~хвал^и|ть | text,art,person,food | +
remember | по~мн^и|ть ; - | text.culture,art,event | stative
forget/forgot/forgotten/forgetting | за~бы^ва|ть ; за~бы|ть p=за~буду,за~будет imp=за~будь | text,=key,=umbrella,=passport
re~read/re~read/re~read | пере~чит^ыва|ть ; пере~чит^а|ть | text | !
re~write/re~wrote/re~written | пере~пис^ыва|ть ; пере~пис^а|ть p=пере~пишу,пере~пишет | text | !
[trans science]
study | из~уч^а|ть ; из~уч^и|ть pp=из~уч^ен | idea.science,plant,animal,text.science,=map
explain | объ~ясн^я|ть ; объ~ясн^и|ть | idea.science,text.science,=map
check | про~вер^я|ть ; про~вер^и|ть imp=про~верь pp=про~вер^ен | idea.science,thing.science,text.science,=computer,=list
prove | до~каз^ыва|ть ; до~каз^а|ть p=до~кажу,до~кажет pp=до~каз^ан | =theory,=law,=hypothesis
solve | реш^а|ть ; реш^и|ть pp=реш^ён | =problem,=task
measure | из~мер^я|ть ; из~мер^и|ть imp=из~мерь | =table,=room,=mountain,=lake,=carpet,=tree
open | от~кры^ва|ть ; от~кры|ть p=от~крою,от~кроет imp=от~крой pp=от~кры^т | =window,=door,=box,=suitcase,=laboratory,=museum,=shop
publish | публик^ова|ть ; о~публик^ова|ть pp=о~публик^ова^н | text.science,text.culture
teach/taught/taught | об~уч^а|ть ; об~уч^и|ть | =student,=child,=pilot,=engineer,=boy,=girl
[trans work]
build/built/built | стро^и|ть imp=строй p=строю,строит ; по~стро^и|ть imp=по~строй p=по~строю,по~строит pp=по~стро^ен | place.work,place.food,=house,=bridge,=hotel,=theatre,=stadium,=castle,=ship
repair | чин^и|ть ; по~чин^и|ть | vehicle,=clock,=computer,=phone,=machine,=chair,=door
sign | под~пис^ыва|ть ; под~пис^а|ть p=под~пишу,под~пишет pp=под~пис^ан | text.work
buy/bought/bought | по~куп^а|ть ; куп^и|ть pp=купл^ен | food,drink,vehicle,thing,furniture,text.culture,=rose,=flower
sell/sold/sold | про~да^ва|ть p=про~даю,про~даёт imp=про~давай ; про~да|ть pres=про~дам,про~дашь,про~даст,про~дад|им,про~дад|ите,про~дад|ут imp=про~дай pp=про~да^н | food,vehicle,furniture,=house,=flat,=phone,=flower
close | за~кры^ва|ть ; за~кры|ть p=за~крою,за~кроет imp=за~крой pp=за~кры^т | =window,=door,=shop,=bank,=box,=factory,=suitcase
make/made/made | дел^а|ть ; с~дел^а|ть pp=с~дел^ан | furniture,=toy,=gift,=list,=report
lead/led/led | вес|ти p=веду,ведёт past=вёл,вела ; про~вес|ти p=про~веду,про~ведёт past=про~вёл,про~вела pp=про~вед^ён | =meeting,=lesson,=conference,=lecture,=training
plan | план^ир^ова|ть ; за~план^ир^ова|ть | =trip,=project,=meeting,=wedding,=holiday,=lunch
finish | за~канч^ива|ть ; за~конч^и|ть pp=за~конч^ен | =project,=task,=work,=report,=novel,=lesson
lose/lost/lost | тер^я|ть ; по~тер^я|ть pp=по~тер^ян | =key,=ticket,=passport,=money,=bag,=contract,=phone,=umbrella | -
steal/stole/stolen | вор^ова|ть ; у~крас|ть p=у~краду,у~крадёт past=у~крал,у~крала pp=у~крад^ен | =money,=phone,=bag,=picture,=car,=bicycle,=gold | -
break/broke/broken | лом^а|ть ; с~лом^а|ть pp=с~лом^ан | =chair,=lamp,=phone,=computer,=toy,=bicycle,=camera,=machine | -
re~build/re~built/re~built | пере~стр^а^ива|ть ; пере~стро^и|ть p=пере~строю,пере~строит imp=пере~строй | =house,=theatre,=bridge,=castle,=factory | !
re~paint | пере~краш^ива|ть ; пере~крас^и|ть imp=пере~крась | =door,=window,=chair,=house,=car | !
[trans sport]
win/won/won | вы~игр^ыва|ть ; вы~игр^а|ть pp=вы~игр^ан | =match,=game,=medal,=race,=competition | +
miss | про~пуск^а|ть ; про~пуст^и|ть pp=про~пущ^ен | =training,=match,=game,=lesson | -
throw/threw/thrown | брос^а|ть ; брос^и|ть imp=брось | =ball
catch/caught/caught | лов^и|ть ; пойм^а|ть pp=пойм^ан | =ball,=fish,=mouse,=bird
beat/beat/beaten | об~ыгр^ыва|ть ; об~ыгр^а|ть | =champion,=footballer,=player,=coach,=team | +
train | трен^ир^ова|ть ; на~трен^ир^ова|ть | =runner,=swimmer,=footballer,=player,=horse
[trans travel]
book | бронир^ова|ть ; за~бронир^ова|ть pp=за~бронир^ован | =hotel,=ticket,=room,=table,=flight
visit | по~сещ^а|ть ; по~сет^и|ть p=по~сещу,по~сетит | place.culture,=city,=island,=country,=village,=park
photograph | фот+о+граф^ир^ова|ть ; с~фот+о+граф^ир^ова|ть | place.culture,animal,=bridge,=mountain,=island,=lake,=street,=flower
pack | со~бир^а|ть ; со~бр^а|ть p=со~беру,со~берёт pp=со~бр^ан | =suitcase,=bag,=backpack
see/saw/seen | вид^е|ть p=вижу,видит ; у~вид^е|ть p=у~вижу,у~видит imp=у~видь | place,animal,person,vehicle,plant,thing | stative
find/found/found | на~ход^и|ть p=на~хожу,на~ходит ; на~й|ти p=на~йду,на~йдёт past=на~шёл,на~шла pp=на~йд^ен | thing,animal,=hotel,=cafe,=map,=island,=road
leave/left/left | о~ставл^я|ть ; о~став^и|ть imp=о~ставь pp=о~ставл^ен | thing.travel,=car,=bicycle,=umbrella,=gift,=key
look | иск^а|ть p=ищу,ищет ; - | thing.travel,=hotel,=key,=dog,=cat,=doctor,=work | en=for
[trans family]
love | люб^и|ть ; - | kin,person.family,animal,food,drink,art,place.nature,=city,=work | + stative
hate | не~на~вид^е|ть p=не~на~вижу,не~на~видит ; - | food,=enemy,=work,=noise,weather,person.work,=exam | - stative
meet/met/met | в~стреч^а|ть ; в~стрет^и|ть imp=в~стреть | kin,person
help | по~мог^а|ть ; по~мочь p=по~могу,по~может past=по~мог,по~могла imp=по~моги | kin,person | ru=Dat +
wait | жд^а|ть p=жду,ждёт ; подо~жд^а|ть p=подо~жду,подо~ждёт | kin,person,=train,=bus | en=for
call | звон^и|ть ; по~звон^и|ть | kin,person | ru=Dat
wash | мы|ть p=мою,моет imp=мой ; по~мы|ть p=по~мою,по~моет imp=по~мой pp=по~мы^т | =window,=cup,=plate,=car,=dog,=glass,=apple
clean | чист^и|ть imp=чисть ; по~чист^и|ть imp=по~чисть | =carpet,=knife,=mirror,=sofa,=room,=stove
hide/hid/hidden | прят^а|ть p=прячу,прячет imp=прячь ; с~прят^а|ть p=с~прячу,с~прячет imp=с~прячь | =money,=gift,=key,=letter,=toy,=gold
carry | нес|ти p=несу,несёт past=нёс,несла ; при~нес|ти p=при~несу,при~несёт past=при~нёс,при~несла | =box,=suitcase,=chair,=lamp,=bag,=flower,=gift
understand/understood/understood | по~ним^а|ть ; по~ня|ть p=пойму,поймёт past=по~нял,по~няла | kin,person,idea | stative
insult | оскорбл^я|ть ; оскорб^и|ть | person,kin | -
thank | благ+о+дар^и|ть ; по~благ+о+дар^и|ть | person,kin | +
argue | спор^и|ть ; по~спор^и|ть | person,kin | en=with ru=с+Ins -
embrace | об~ним^а|ть ; об~ня|ть p=об~ниму,об~нимет | kin,=friend,=child | + !
[trans nature]
plant | саж^а|ть ; по~сад^и|ть p=по~сажу,по~садит pp=по~саж^ен | =tree,=rose,=flower,=oak,=birch,=maple,=cabbage,=pumpkin
feed/fed/fed | корм^и|ть ; на~корм^и|ть | animal
hunt | охот^и|ть&ся ; - | =wolf,=bear,=hare,=duck,=fox | ru=на+Acc
fear | бо^я|ть&ся p=бою,боит ; - | =wolf,=bear,=storm,=tiger | ru=Gen - ! stative
admire | люб^ова|ть&ся ; - | =lake,=mountain,=forest,=sea,=flower,=rose,=birch,=river | ru=Ins +
water | по~лив^а|ть ; по~ли|ть p=по~лью,по~льёт imp=по~лей | =tree,=rose,=flower,=grass,=plant,=garden
gather | со~бир^а|ть ; со~бр^а|ть p=со~беру,со~берёт | =flower,=apple,=leaf,=pear
approach | при~ближ^а|ть&ся ; при~близ^и|ть&ся | =forest,=lake | ru=к+Dat !
[give work]
give/gave/given | да^ва|ть p=даю,даёт imp=давай ; да|ть pres=дам,дашь,даст,дад|им,дад|ите,дад|ут imp=дай | thing,text,food,drink
show/showed/shown | по~каз^ыва|ть ; по~каз^а|ть p=по~кажу,по~кажет | thing,text,art,=flat,=garden
send/sent/sent | по~сыл^а|ть ; по~сла|ть p=по~шлю,по~шлёт | text,=gift,=money,=flower,=ticket
bring/brought/brought | при~нос^и|ть p=при~ношу,при~носит ; при~нес|ти p=при~несу,при~несёт past=при~нёс,при~несла | food,drink,text,=gift,=umbrella,=flower,=money
promise | обещ^а|ть ; по~обещ^а|ть | =gift,=money,=book,=ticket,=help
offer | пред~лаг^а|ть ; пред~лож^и|ть | food,drink,=work,=ticket,=help
lend/lent/lent | о~далж^ива|ть ; о~долж^и|ть | =money,=car,=book,=umbrella | !
[place family]
live | жи|ть p=живу,живёт ; - | place,geo | subj=person,kin,animal stative
sleep/slept/slept | спа|ть p=сплю,спит ; - | =room,=garden,=hotel,=house | subj=person,kin,animal stative
sit/sat/sat | сид^е|ть p=сижу,сидит ; - | place.family,place.nature,place.food | subj=person,kin,animal
laugh | с~ме^я|ть&ся p=смею,смеёт ; - | place.family,place.culture | +
cry | плак^а|ть p=плачу,плачет imp=плачь ; за~плак^а|ть p=за~плачу,за~плачет imp=за~плачь | place.family,=hospital,=street | -
[place work]
work | работ^а|ть ; по~работ^а|ть | place.work,place.science,place.food,=theatre,geo
[place sport]
run/ran/run | бег^а|ть ; по~бег^а|ть | place.sport,=park,=forest,=beach | subj=person.sport,kin,animal
swim/swam/swum | плав^а|ть ; по~плав^а|ть | =pool,=lake,=sea,=river | subj=person,kin,animal
play | игр^а|ть ; по~игр^а|ть | place.sport,=park,=yard,=room | subj=person,kin,animal
exercise | трен^ир^ова|ть&ся ; по~трен^ир^ова|ть&ся | place.sport,=park
lose/lost/lost | про~игр^ыва|ть ; про~игр^а|ть | place.sport | -
[place food]
dine | у~жин^а|ть ; по~у~жин^а|ть | place.food,=hotel
lunch | о~бед^а|ть ; по~о~бед^а|ть | place.food
[place science]
study | уч^и|ть&ся ; - | place.science,geo
experiment | экс~пери~мент^ир^ова|ть ; по~экс~пери~мент^ир^ова|ть | =laboratory,=institute,=university
[place culture]
dance | танц^ева|ть p=танцую,танцует ; с~танц^ева|ть p=с~танцую,с~танцует | =theatre,=palace,=street,=house
sing/sang/sung | пе|ть p=пою,поёт imp=пой ; с~пе|ть p=с~пою,с~поёт imp=с~пой | =theatre,=palace,=garden,=street
per~form | вы~ступ^а|ть ; вы~ступ^и|ть | =theatre,=circus,=stadium,=palace | subj=person.culture
[place travel]
rest | от~дых^а|ть ; от~дох^ну|ть * | place.nature,=beach,=island,=village,=hotel | subj=person,kin
fish | рыб^ач^и|ть ; по~рыб^ач^и|ть | =lake,=river,=sea | subj=person,kin
walk | гул^я|ть ; по~гул^я|ть | place.nature,=street,=square,=city,=bridge,=garden | subj=person,kin,animal
stop | о~станавл^ива|ть&ся ; о~станов^и|ть&ся | =hotel,=village,=bridge,=street
[move travel]
go/went/gone | езд^и|ть p=езжу,ездит imp=езди ; по~еха|ть p=по~еду,по~едет imp=по~езжай | place,geo
fly/flew/flown | лета|ть ; по~лет^е|ть p=по~лечу,по~летит | =island,=city,=country,=mountain,geo
come/came/come | при~езж^а|ть ; при~еха|ть p=при~еду,при~едет imp=при~езжай | =city,=village,=hotel,=station,=port,=island,geo
return | воз~вращ^а|ть&ся ; вер^ну|ть&ся * | place,geo
hurry | спеш^и|ть ; по~спеш^и|ть | place.travel,place.work,place.sport
move | пере~езж^а|ть ; пере~еха|ть p=пере~еду,пере~едет imp=пере~езжай | =city,=village,=flat,geo
e~migrate | э~мигр^ир^ова|ть ; - | geo,=country | !
[tool work]
cut/cut/cut | рез^а|ть p=режу,режет imp=режь ; раз~рез^а|ть p=раз~режу,раз~режет imp=раз~режь | =bread,=cheese,=meat,=cake,=apple,=tomato,=carpet | with=knife
saw | пил^и|ть ; рас~пил^и|ть | =tree,=oak,=birch,=table,=chair | with=saw
break/broke/broken | раз~би^ва|ть ; раз~би|ть p=разо~бью,разо~бьёт imp=раз~бей | =window,=mirror,=cup,=plate,=glass | with=hammer,axe,ball -
draw/drew/drawn | рис^ова|ть ; на~рис^ова|ть | =picture,=map,=plan,=flower,=horse,=house | with=brush,pencil,pen
write/wrote/written | пис^а|ть p=пишу,пишет ; на~пис^а|ть p=на~пишу,на~пишет | =letter,=poem,=list,=story,=report | with=pencil,pen
[say family]
say/said/said | говор^и|ть ; с~каз^а|ть p=с~кажу,с~кажет
think/thought/thought | дум^а|ть ; по~дум^а|ть
answer | от~веч^а|ть ; от~вет^и|ть p=от~вечу,от~ветит imp=от~веть
announce | объ~явл^я|ть ; объ~яв^и|ть
clari^fy | по~ясн^я|ть ; по~ясн^и|ть | | !
[think family]
know/knew/known | зна|ть ; -
believe | вер^и|ть imp=верь ; - | | +
hope | наде^я|ть&ся p=надею,надеет ; - | | +
notice | за~меч^а|ть ; за~мет^и|ть p=за~мечу,за~метит
suspect | под~о~зрев^а|ть ; - | | - !
[want family]
want | хот^е|ть pres=хоч|у,хоч|ешь,хоч|ет,хот|им,хот|ите,хот|ят ; за~хот^е|ть pres=за~хоч|у,за~хоч|ешь,за~хоч|ет,за~хот|им,за~хот|ите,за~хот|ят
try | пыт^а|ть&ся ; по~пыт^а|ть&ся
decide | реш^а|ть ; реш^и|ть
hope | наде^я|ть&ся p=надею,надеет ; - | | +
plan | план^ир^ова|ть ; за~план^ир^ова|ть
refuse | от~каз^ыва|ть&ся ; от~каз^а|ть&ся p=от~кажу,от~кажет | | - imp
[begin work]
begin/began/begun/beginning | на~чин^а|ть ; на~ча|ть p=на~чну,на~чнёт
continue | про~долж^а|ть ; про~долж^и|ть
stop | пере~ста^ва|ть p=пере~стаю,пере~стаёт imp=пере~ставай ; пере~ста|ть p=пере~стану,пере~станет imp=пере~стань | | ing
[situated travel]
lie/lay/lain | на~ход^и|ть&ся ; -
[special family]
like | нрав^и|ть&ся ; по~нрав^и|ть&ся | | +
talk | раз~говар^ива|ть ; -
become/became/become | ста^нов^и|ть&ся ; ста|ть p=стану,станет imp=стань
be/was/been/being | бы|ть p=буду,будет imp=будь ; -
have/had/had/having | име|ть ; -
can | мочь p=могу,может past=мог,могла imp=моги ; с~мочь p=с~могу,с~может past=с~мог,с~могла imp=с~моги
stand/stood/stood | сто^я|ть p=стою,стоит imp=стой ; -
lie/lay/lain | леж^а|ть p=лежу,лежит ; -
flow/flowed/flowed | течь p=теку,течёт past=тёк,текла imp=теки ; с~течь p=с~теку,с~течёт past=с~тёк,с~текла imp=с~теки
shine/shone/shone | свет^и|ть p=свечу,светит ; -
set/set/set/setting | сад^и|ть&ся ; сес|ть p=сяду,сядет past=сел,села imp=сядь
rise/rose/risen | вс~ход^и|ть p=вс~хожу,вс~ходит ; взо~й|ти p=взо~йду,взо~йдёт past=взо~шёл,взо~шла
grow/grew/grown | рас|ти p=расту,растёт past=рос,росла ; вы~рас|ти p=вы~расту,вы~растет past=вы~рос,вы~росла
begin/began/begun/beginning | на~чин^а|ть&ся ; на~ча|ть&ся p=на~чну,на~чнёт past=на~чал,на~чала
end | за~канч^ива|ть&ся ; за~конч^и|ть&ся
"""  # noqa: E501
