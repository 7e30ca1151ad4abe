"""Small corpora for the tests here, one for each language, and ways to spoil them."""

EN = """\
# sent_id = 1
# text = We don't sell _ keys.
1\tWe\twe\tPRON\tPRP\tCase=Nom|Number=Plur|Person=1|PronType=Prs\t4\tnsubj\t4:nsubj\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVBP\tMood=Ind|Tense=Pres|VerbForm=Fin\t4\taux\t4:aux\t_
3\tn't\tnot\tPART\tRB\tPolarity=Neg\t4\tadvmod\t4:advmod\t_
4\tsell\tsell\tVERB\tVB\tVerbForm=Inf\t0\troot\t0:root\t_
5\t_\t_\tSYM\tSYM\t_\t6\tpunct\t6:punct\t_
6\tkeys\tkey\tNOUN\tNNS\tNumber=Plur\t4\tobj\t4:obj\tSpaceAfter=No
6.1\tsell\tsell\tVERB\tVB\tVerbForm=Inf\t_\t_\t4:conj\t_
7\t.\t.\tPUNCT\t.\t_\t4\tpunct\t4:punct\t_

# sent_id = 2
# text = Keys 1 000
1\tKeys\tkey\tNOUN\tNNS\tNumber=Plur\t0\troot\t_\t_
2\t1 000\t1000\tNUM\tCD\tNumType=Card\t1\tnummod\t_\t_
"""

RU = """\
# text = Кот видел кота!
1\tКот\tкот\tNOUN\t_\tAnimacy=Anim|Case=Nom|Gender=Masc|Number=Sing\t2\tnsubj\t_\t_
2\tвидел\tвидеть\tVERB\t_\tAspect=Imp|Gender=Masc|Number=Sing|Tense=Past\t0\troot\t_\t_
3\tкота\tкот\tNOUN\t_\tAnimacy=Anim|Case=Acc|Gender=Masc|Number=Sing\t2\tobj\t_\tSpaceAfter=No
4\t!\t!\tPUNCT\t_\t_\t2\tpunct\t_\t_

# text = Да.
1\tДа\tда\tPART\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_
"""

TEXTS = {"en": EN, "ru": RU}


def rows(corpus: str) -> list[list[str]]:
    """The columns of its words, read without the code under test."""
    lines = [line.split("\t") for line in corpus.splitlines() if line and not line.startswith("#")]
    return [columns for columns in lines if columns[0].isdigit()]


def spoil(corpus: str, line: int, column: int, value: str) -> str:
    """The corpus with another value in one cell; lines count from 1, columns from 0."""
    lines = corpus.split("\n")
    cells = lines[line - 1].split("\t")
    cells[column] = value
    lines[line - 1] = "\t".join(cells)
    return "\n".join(lines)
