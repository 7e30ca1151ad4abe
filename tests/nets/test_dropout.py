"""Dropout at the rate that was set, one mask for a sequence, none when evaluating."""

import torch
from torch import nn

from spacy_rnn.nets.dropout import Dropout, set_dropout


def test_rate_arrives_in_every_module():
    net = nn.Sequential(Dropout(), nn.Sequential(Dropout(scale=0.5)), nn.Linear(2, 2))
    set_dropout(net, 0.4)
    assert [m.rate for m in net.modules() if isinstance(m, Dropout)] == [0.4, 0.4]


def test_share_of_zeros_and_scale():
    torch.manual_seed(0)
    ones = torch.ones(400, 100)
    for scale, share in ((1.0, 0.3), (0.5, 0.15)):
        dropout = Dropout(scale)
        dropout.rate = 0.3
        found = dropout(ones)
        assert abs(float((found == 0).float().mean()) - share) < 0.01
        assert abs(float(found.mean()) - 1.0) < 0.02  # what is kept makes up for what is lost


def test_one_mask_for_each_sequence():
    torch.manual_seed(0)
    dropout = Dropout()
    dropout.rate = 0.5
    groups = torch.tensor([0, 0, 0, 2, 2])
    found = dropout(torch.ones(5, 64), groups)
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2]) and torch.equal(found[3], found[4])
    assert not torch.equal(found[0], found[3])
    assert set(found.unique().tolist()) == {0.0, 2.0}


def test_none_in_evaluation_none_at_rate_zero():
    dropout, ones = Dropout(), torch.ones(3, 4)
    assert torch.equal(dropout(ones), ones)
    dropout.rate = 0.9
    assert torch.equal(dropout.eval()(ones), ones)


def test_empty_batch():
    dropout = Dropout()
    dropout.rate = 0.5
    assert dropout(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)).shape == (0, 4)
