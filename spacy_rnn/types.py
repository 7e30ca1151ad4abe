"""The shapes of the models, by name."""

from thinc.api import Model
from thinc.types import Floats2d

# one row of numbers for each token of each Doc, made from the words alone
EmbedT = Model[list, list[Floats2d]]
# the same tokens, now in their context
EncoderT = Model[list[Floats2d], list[Floats2d]]
# an embedding and an encoder: what listeners listen to
Tok2VecT = Model[list, list[Floats2d]]
# for each token the logits of all heads side by side
TaggerT = Model[list, list[Floats2d]]
# for each token a score for each label of a tagging scheme
LabellerT = Model[list, list[Floats2d]]
# for each word and each of its characters the scores of the labels
SegmenterT = Model[list[str], list[Floats2d]]
# for each text the probability of each label
TextcatT = Model[list, Floats2d]
