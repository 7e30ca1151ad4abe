"""Names of the sample world: people, places, organisations (the organisations are invented).

First names ``english | russian`` by gender; a surname in -ов or -ин has a feminine form; other surnames of men
decline as nouns, of women not at all. A country has its capital, the adjective of its people, and a river or a dish
that only it is known for: the regularities that vectors learn.
"""

MEN = """
Ivan | Иван
Peter | Пётр obl=Петр
Sergei | Сергей
Andrei | Андрей
Nikolai | Николай
Maxim | Максим
Pavel | Павел obl=Павл
Oleg | Олег
Viktor | Виктор
Igor | Игорь m
Thomas | Томас
John | Джон
Robert | Роберт
David | Дэвид
Mark | Марк
Daniel | Даниэль m
Timur | Тимур | !
Edward | Эдвард | !
"""

WOMEN = """
Anna | Анна
Maria | Мария
Olga | Ольга
Elena | Елена
Irina | Ирина
Natalia | Наталья
Vera | Вера
Nina | Нина
Sofia | София
Daria | Дарья
Julia | Юлия
Alice | Алиса
Emma | Эмма
Helen | Хелен f indecl
Mary | Мэри f indecl
Jane | Джейн f indecl
Polina | Полина | !
Martha | Марта | !
"""

SURNAMES = """
Petrov | Петров
Ivanov | Иванов
Smirnov | Смирнов
Kuznetsov | Кузнецов
Sokolov | Соколов
Novikov | Новиков
Orlov | Орлов
Volkov | Волков
Nikitin | Никитин
Ilyin | Ильин
Brown | Браун
Miller | Миллер
Taylor | Тейлор
Wilson | Уилсон
Clark | Кларк
Adams | Адамс
Titov | Титов | !
Walker | Уокер | !
"""

# country | capital | adjective | something only this country is known for
COUNTRIES = """
France | Франция | Paris | Париж | French | французск^ий | the Seine | Сена
Germany | Германия | Berlin | Берлин | German | немецк^ий | the Spree | Шпрее f indecl
Italy | Италия | Rome | Рим | Italian | итальянск^ий | the Tiber | Тибр
Spain | Испания | Madrid | Мадрид | Spanish | испанск^ий | the Ebro | Эбро f indecl
Russia | Россия | Moscow | Москва | Russian | русск^ий | the Volga | Волга
England | Англия | London | Лондон | English | английск^ий | the Thames | Темза
Greece | Греция | Athens | Афины pl f gp=Афин | Greek | греческ^ий | Crete | Крит
Poland | Польша | Warsaw | Варшава | Polish | польск^ий | the Vistula | Висла
Austria | Австрия | Vienna | Вена | Austrian | австрийск^ий | the Mur | Мур
Norway | Норвегия | Oslo | Осло n indecl | Norwegian | норвежск^ий | the Glomma | Гломма
Sweden | Швеция | Stockholm | Стокгольм | Swedish | шведск^ий | Gotland | Готланд
Portugal | Португалия | Lisbon | Лиссабон | Portuguese | португальск^ий | Madeira | Мадейра
Hungary | Венгрия | Budapest | Будапешт | Hungarian | венгерск^ий | the Tisza | Тиса
Japan | Япония | Tokyo | Токио n indecl | Japanese | японск^ий | Hokkaido | Хоккайдо n indecl
China | Китай | Beijing | Пекин | Chinese | китайск^ий | the Yangtze | Янцзы f indecl
Egypt | Египет obl=Египт | Cairo | Каир | Egyptian | египетск^ий | the Nile | Нил
Turkey | Турция | Ankara | Анкара | Turkish | турецк^ий | the Euphrates | Евфрат
Serbia | Сербия | Belgrade | Белград | Serbian | сербск^ий | the Morava | Морава
"""

# kind | english | russian: companies and teams are written with guillemets in Russian, and do not decline there
ORGANISATIONS = """
company | Orion | Орион
company | Vektor | Вектор
company | Meridian | Меридиан
company | Polaris | Полярис
company | Kvant | Квант
company | Granit | Гранит
company | Rodnik | Родник
company | Lunatek | Лунатек
company | Severbank | Севербанк
company | Agronika | Агроника | !
team | Vikhr | Вихрь m
team | Kometa | Комета
team | Sokol | Сокол
team | Barkas | Баркас
team | Yantar | Янтарь m
team | Vympel | Вымпел | !
"""

INSTITUTES = """
Institute of Physics | институт | физ^ика
Institute of History | институт | истор^и^я
Academy of Music | академ^и^я | музык^а
Academy of Sciences | академ^и^я | наука:Plur
Museum of Art | музей | искус^ств^о
Ministry of Culture | министерств^о | культур^а
Ministry of Sport | министерств^о | спорт
Bank of Trade | банк | торг^овл^я
"""
