"""Every message a user can meet, with a code: what happened, and what to do.

R0xx nets and bridge, R1xx models and pipeline, R2xx vectors, R3xx training and corpora, R4xx command line and sample data.
Raise them as ``RNNError(Errors.R001.format(...))``; warn with ``warnings.warn(Warnings.W001.format(...))``.
"""

import re


class RNNError(ValueError):
    """An error the user can act on. The command line prints it without a traceback."""


class _Coded(type):
    """Puts the attribute's own name in front of its text: ``Errors.R001`` reads "[R001] ..."."""

    def __getattribute__(cls, name):
        text = super().__getattribute__(name)
        return f"[{name}] {text}" if re.fullmatch(r"[RW]\d{3}", name) else text


class Errors(metaclass=_Coded):
    # fmt: off
    # -- R0xx: nets and bridge
    R001 = "The {net} has no weights yet: the component is not initialised. Call nlp.initialize() or train first, or load a trained pipeline."
    R002 = "These are not the weights of a net, or they are damaged: {error}. Copy or train the model again."
    R003 = "The weights have format {found}, this version of spacy-rnn reads {known}. Install the version the model was trained with."
    R004 = "The file holds a {found}, the config asks for a {wanted}. Load the model with the config.cfg that lies beside it."
    R005 = "The saved {net} has {name} = {found}, the config says {wanted}. Load the model with the config.cfg that lies beside it, or train it again."
    R006 = "The weights do not fit the {net} their header describes: {names}. The file is damaged, or of another version of spacy-rnn."
    R007 = "{name} was built for inputs of width {wanted} and gets {found}. Train it again below the layer it has now."
    R008 = "A gradient for a prediction: backprop belongs to begin_update, not to predict."
    # -- R1xx: models and pipeline
    R101 = "RNNEncoder: width = {width} cannot be halved between two directions. Choose an even number, or bidirectional = false."
    R102 = "RNNEncoder or CNNEncoder: {name} = {value} for {depth} layers. Give one number from 1 up, or a list with one for each layer."
    R103 = "{name} = {value}: must be 1 or more."
    R104 = "CharWordEmbed without a single feature. Switch on one of: word_width, ngram_width, attr_width, chars, vectors."
    R105 = "CharWordEmbed: ngram_sizes = {value}. Give the shortest and the longest size, such as [2, 5]."
    R106 = "CharWordEmbed: vectors = \"{vectors}\", but the pipeline has no vectors. Train some (spacy rnn vectors train) and name them in the config, or set vectors = \"none\"."
    R107 = "The model was trained with vectors of width {wanted}; the pipeline's have width {found}. Load it with the vectors it was trained with."
    R108 = "spacy-rnn.Tagger.v1 does not know its labels. It belongs inside the component rnn_tagger, which collects them."
    R109 = "CharWordEmbed: char_output = {value} cannot be shared out among {parts} equal parts: one for each of char_windows (cnn), or one for each direction (rnn). Choose a multiple of {parts}."
    R110 = "CharWordEmbed: vectors = \"finetuned\" must know the words of the corpus beforehand, and this component does not count them (rnn_tagger does, spaCy's tok2vec does not). Set vectors = \"static\"."
    R111 = "rnn_tagger: heads = {heads}. Choose from \"tag\", \"pos\" and \"morph\", or null for those the corpus annotates."
    R112 = "rnn_tagger: the label '{label}' has no head. Write it as tag:NN, pos:NOUN or morph:Number=Sing."
    R113 = "rnn_tagger: cannot add '{label}' to a model that is built already. Add labels before nlp.initialize(), or train anew with the labels of the whole corpus."
    R114 = "{name}: the corpus annotates no {missing}. Check the training corpus, or take the layer out of `heads`."
    R115 = "Cannot load the model from {source}: {error}. The file is cut off, damaged, or belongs to another config.cfg; copy or train it again."
    R116 = "rnn_tagger: '{label}' is not a part of speech that spaCy can store. Choose from {known}, or use the head \"tag\" for other labels."
    R117 = "{name}: the training corpus has no words. Check its path, and that it was converted: spacy rnn convert IN.conllu OUT.spacy."
    # -- R2xx: vectors
    R201 = "No such file or folder: {path}. The corpus is one or several .txt or .txt.gz files, or folders with such files."
    R202 = "The folder {path} has no .txt or .txt.gz file. Put the corpus there, or name its files."
    R203 = "{path}, line {line}: not valid UTF-8 ({reason}, at byte {byte} of the line). Save the corpus as UTF-8, for example with: iconv -t UTF-8"
    R204 = "{path}: broken gzip file after line {line} ({error}). Fetch or compress it again."
    R205 = "The corpus ({paths}) holds no words. It should have one sentence per line, words separated by spaces."
    R206 = "No word is seen {min_count} times or more: the most frequent one, '{word}', is seen {count} times. Lower --min-count, or give more text."
    R207 = "{path} exists already. Choose another folder, or replace it with --force."
    R208 = "{setting} = {value}: must be {expected}."
    R209 = "spaCy has no tokenizer for --lang {lang} ({error}). Use a language code such as en, ru, or xx for any language."
    R210 = "Nothing to learn from: no sentence of the corpus has two words that are frequent enough. Put one sentence, not one word, on each line, or lower --min-count."
    R211 = "{path} was not made by this command, so --force will not replace it. Choose another folder."
    R220 = "No vectors in {path}. Train some with: spacy rnn vectors train. A pipeline has them if its [nlp.vectors] was spacy-rnn.FastTextVectors.v1 when it was saved."
    R221 = "{source}: not a vectors file, or a damaged one ({error}). Copy it again, or train it again."
    R222 = "{source}: a safetensors file of another kind ({found}, expected {expected}). Give a file made by: spacy rnn vectors train"
    R223 = "{source}: the parts do not fit together ({words} words, vectors {vectors}, ngrams {ngrams} of {min_n} to {max_n} letters). Train the vectors again."
    R224 = "The table of vectors is empty. Train with --paths.vectors FOLDER and [initialize] vectors = ${paths.vectors}; in Python, call nlp.vocab.vectors.from_disk(folder)."
    R225 = "No word with the hash {key} is known to this vocabulary, so its letters cannot be looked up. Ask for it as a string, or add the string to nlp.vocab.strings first."
    R226 = "Cannot find the {n} most similar of {words} words. Lower n."
    # -- R3xx: training and corpora
    R301 = "No such file or folder: {path}. Check the path, or run the command that makes it first."
    R302 = "{path} holds no sentence. Give a CoNLL-U file with at least one, or a folder with such .conllu files."
    R303 = "{path}, line {line}: not valid UTF-8 at byte {offset} of the file. Save the file as UTF-8, or skip broken sentences with --skip-bad."
    R304 = "{path}, line {line}: {found} columns, and CoNLL-U has 10, separated by single tabs. Are there spaces for tabs, or is a blank line missing?"
    R305 = "{path}, line {line}: the ID '{value}' is neither a number (3), a range (3-4) nor an empty node (3.1)."
    R306 = "{path}, line {line}: the ID '{value}' is out of order, expected {expected}. Number the words 1, 2, 3 and end each sentence with a blank line."
    R307 = "{path}, line {line}: the word has no form. Only a literal underscore (FORM and LEMMA '_') may look like that."
    R308 = "{path}, line {line}: every word of this sentence is '_', so the treebank comes without its text. Put the text back with the script that belongs to the treebank."
    R309 = "{path}, line {line}: the HEAD '{value}' is not a whole number. Use 0 for the root, a word's ID, or '_' for none."
    R310 = "{path}, line {line}: the HEAD {value} is outside the sentence, which has {words} words."
    R311 = "{path}, line {line}: the heads go round in a circle: {cycle}. Every word must lead to a root (HEAD 0)."
    R312 = "{path}, line {line}: unknown UPOS '{value}'. Universal Dependencies has {known}, and '_' for none."
    R313 = "{path}, line {line}: malformed FEATS '{value}'. Write Name=Value pairs joined by '|', each name once, or '_' for none."
    R314 = "{path}, line {line}: the range {value} overlaps another, or reaches past the last word of its sentence."
    R315 = "--group must be at least 1 sentence per Doc, not {value}."
    R316 = "spacy-rnn.conllu_corpus.v1 has no path. Set it in the config, or on the command line: --paths.train FILE.conllu."
    R317 = "Unknown kind of corpus: {path}. Give a .conllu or a .spacy file."
    R318 = "{path} is not a readable .spacy file ({reason}). Was it cut off while being written? Make it again with: spacy rnn convert"
    R319 = "No words to evaluate. Give a corpus with at least one sentence."
    R320 = "The corpus has neither UPOS, XPOS nor FEATS on at least half of its words, so there is nothing to score. Give a tagged corpus."
    R321 = "No component '{name}' in this pipeline, which has: {names}."
    R322 = "Cannot load the pipeline {path}: {reason}"
    R323 = "{path} is not a file of scores. Make one with: spacy rnn evaluate MODEL DATA --output {path}"
    R324 = "No GPU {gpu} here: {reason}. Leave --gpu-id away to use the CPU."
    R325 = "The pipeline changes the number of tokens ({before} became {after}), so they cannot be compared. Leave the component that merges or splits tokens out: name the others with --component."
    R326 = "{path} is a folder, and a file should be written there. Name a file."
    R330 = "{path}: not UTF-8 (byte {offset}). Name the encoding of such inputs with --encoding, for example latin-1 or cp1251."
    R331 = "{path}: cannot be read with --encoding {encoding}: {reason}. Give the encoding the file was saved with."
    R332 = "{path}: no column '{column}', it has {columns}. Choose one with --column NAME, a number from 0, or FILE::COLUMN for this file only."
    R333 = "{path}: broken file: {reason}. Repair it, or leave it out."
    R334 = "No text in the inputs, nothing written. Give files with text in them."
    R335 = "The folder {path} holds no running text (.txt, .txt.gz, .conllu, .tmx). Name tables, JSON files and archives one by one."
    R336 = "{path}: a .conllu file is only read as it is, not out of an archive. Unpack it first."
    R337 = "{path}: no text in the language '{lang}'. The file has {found}: choose with --lang."
    # -- R4xx: command line and sample data
    R401 = "The wheels hold these pipelines: {pipelines}; and there are {texts} texts. Give one --text for each pipeline, in their order."
    R402 = "{path} is not a wheel, or a damaged one: {reason}. Build it again."
    R403 = "It does not work in a fresh environment. {command} ... ended with:\n{said}"
    R450 = "The folder {path} is not empty. Choose another one, or replace it with --force."
    R451 = "The sample world knows the languages en and ru, not {lang!r}."
    R452 = "A sample of {size} training sentences cannot be written: --size must be 1 or more."
    R453 = "Nearly all that the sample world drew was already in another split ({count} sentences in dev and test). Choose a smaller size."
    R454 = "{path} cannot be replaced: it is a file, or a folder that spacy rnn sample did not write (it has no meta.json of the sample world). Choose another name."
    # fmt: on


class Warnings(metaclass=_Coded):
    # fmt: off
    # -- W0xx: nets and bridge
    W001 = "The norm of the gradients is {norm}: this update is skipped. If it happens often, lower the learning rate or set grad_clip."
    # -- W1xx: models and pipeline
    W101 = "{name}: labels not seen when the component was initialised are left out of training: {labels}. Initialise with all of them, for example with spacy init labels."
    # -- W2xx: vectors
    W201 = "The vector is not stored: in a table of fastText vectors each word's is composed of its parts. Train with the word in the corpus."
    W202 = "The loss is no lower than before training: the vectors are worth nothing. Lower --lr, which was {lr}, or give more text."
    # -- W3xx: training and corpora
    W301 = "Skipped {count} broken sentence(s) of {path}, the first of them: {first}"
    # -- W4xx: command line and sample data
    pass
    # fmt: on
